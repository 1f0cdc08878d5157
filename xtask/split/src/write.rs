//! The two parts as modules.

use wasm_encoder::reencode::{self, Reencode};
use wasm_encoder::{
    BlockType, CodeSection, ConstExpr, ElementSection, Elements, EntityType, ExportKind,
    ExportSection, Function, FunctionSection, ImportSection, Instruction, Module as Output,
    NameMap, NameSection, RawSection, StartSection, TableSection, TableType, TypeSection,
};
use wasmparser::{Parser, Payload};

use crate::module::Module;
use crate::plan::Plan;

/// The module from which the rest takes everything: the first part, as `loader.js` names it.
const FIRST: &str = "first";

type Failed = reencode::Error<String>;

/// Functions under other numbers.
struct Renumbered {
    numbers: Vec<Option<u32>>,
}

impl Renumbered {
    fn new(count: usize, order: impl Iterator<Item = u32>) -> Self {
        let mut numbers = vec![None; count];
        for (new, old) in (0..).zip(order) {
            numbers[old as usize] = Some(new);
        }
        Self { numbers }
    }

    fn of(&self, function: u32) -> Result<u32, Failed> {
        let number = self.numbers.get(function as usize).copied().flatten();
        number.ok_or_else(|| Failed::UserError(format!("function {function} is not there")))
    }
}

impl Reencode for Renumbered {
    type Error = String;

    fn function_index(&mut self, function: u32) -> Result<u32, Failed> {
        self.of(function)
    }
}

/// The part that comes first.
pub fn first(bytes: &[u8], module: &Module, plan: &Plan) -> Result<Vec<u8>, String> {
    write_first(bytes, module, plan).map_err(|error| error.to_string())
}

fn write_first(bytes: &[u8], module: &Module, plan: &Plan) -> Result<Vec<u8>, Failed> {
    let stays =
        |function: &u32| !plan.later[*function as usize] || plan.doors.contains_key(function);
    let order: Vec<u32> = module.all().filter(stays).collect();
    let mut renumbered = Renumbered::new(module.functions.len(), order.iter().copied());
    let mut output = Output::new();
    let mut code = CodeSection::new();
    let mut at = module.imports;
    for payload in Parser::new(0).parse_all(bytes) {
        match payload? {
            Payload::FunctionSection(_) => {
                let mut functions = FunctionSection::new();
                for function in order.iter().skip(module.imports as usize) {
                    functions.function(module.functions[*function as usize]);
                }
                output.section(&functions);
            }
            Payload::TableSection(_) => {
                let mut section = TableSection::new();
                for table in tables(&mut renumbered, module, plan)? {
                    section.table(table);
                }
                output.section(&section);
            }
            Payload::ExportSection(section) => {
                let mut exports = ExportSection::new();
                renumbered.parse_export_section(&mut exports, section)?;
                add_exports(&mut exports, &renumbered, module, plan)?;
                output.section(&exports);
            }
            Payload::CodeSectionEntry(body) => {
                if let Some(slot) = plan.doors.get(&at) {
                    code.function(&door(&renumbered, module, plan, at, *slot)?);
                } else if !plan.later[at as usize] {
                    renumbered.parse_function_body(&mut code, body)?;
                }
                at += 1;
                if at as usize == module.functions.len() {
                    output.section(&code);
                }
            }
            Payload::CustomSection(section) if section.name() == "name" => {
                output.section(&names(&order, module));
            }
            payload => copy(payload, bytes, &mut renumbered, &mut output)?,
        }
    }
    Ok(output.finish())
}

/// What stays as it is, but for the numbers of functions.
fn copy(
    payload: Payload<'_>,
    bytes: &[u8],
    renumbered: &mut Renumbered,
    output: &mut Output,
) -> Result<(), Failed> {
    match payload {
        Payload::ElementSection(section) => {
            let mut elements = ElementSection::new();
            renumbered.parse_element_section(&mut elements, section)?;
            output.section(&elements);
        }
        Payload::StartSection { func, .. } => {
            let function_index = renumbered.of(func)?;
            output.section(&StartSection { function_index });
        }
        Payload::CodeSectionStart { .. } => {}
        payload => {
            if let Some((id, range)) = payload.as_section() {
                let data = &bytes[range.start as usize..range.end as usize];
                output.section(&RawSection { id, data });
            }
        }
    }
    Ok(())
}

/// The tables, with a slot for each door.
fn tables(
    renumbered: &mut Renumbered,
    module: &Module,
    plan: &Plan,
) -> Result<Vec<TableType>, Failed> {
    let mut tables = Vec::new();
    for table in &module.tables {
        tables.push(renumbered.table_type(*table)?);
    }
    if let Some(first) = tables.first_mut() {
        let more = plan.doors.len() as u64;
        first.minimum += more;
        first.maximum = first.maximum.map(|maximum| maximum + more);
    }
    Ok(tables)
}

/// What the rest needs has names of a letter and a number.
fn add_exports(
    exports: &mut ExportSection,
    renumbered: &Renumbered,
    module: &Module,
    plan: &Plan,
) -> Result<(), Failed> {
    for (kind, letter, count) in [
        (ExportKind::Table, 't', module.tables.len()),
        (ExportKind::Memory, 'm', module.memories.len()),
        (ExportKind::Global, 'g', module.globals.len()),
    ] {
        for index in 0..count {
            exports.export(&format!("{letter}{index}"), kind, index as u32);
        }
    }
    // Names that follow each other cost little over the wire.
    for (index, function) in plan.backs.iter().enumerate() {
        let name = format!("f{index}");
        exports.export(&name, ExportKind::Func, renumbered.of(*function)?);
    }
    Ok(())
}

/// Calls through a slot; if nothing is in it, the rest is fetched first.
fn door(
    renumbered: &Renumbered,
    module: &Module,
    plan: &Plan,
    function: u32,
    slot: u32,
) -> Result<Function, Failed> {
    let type_index = module.functions[function as usize];
    let parameters = module.types[type_index as usize].params().len() as u32;
    let slot = Instruction::I32Const(slot as i32);
    let mut door = Function::new([]);
    let ask = Instruction::Call(renumbered.of(plan.loader)?);
    door.instruction(&slot);
    door.instruction(&Instruction::TableGet(0));
    door.instruction(&Instruction::RefIsNull);
    door.instruction(&Instruction::If(BlockType::Empty));
    door.instruction(&slot).instruction(&ask);
    door.instruction(&Instruction::End);
    for parameter in 0..parameters {
        door.instruction(&Instruction::LocalGet(parameter));
    }
    door.instruction(&slot);
    door.instruction(&Instruction::CallIndirect {
        type_index,
        table_index: 0,
    });
    door.instruction(&Instruction::End);
    Ok(door)
}

/// For people who look into a trace of calls; left out of what is published.
fn names(order: &[u32], module: &Module) -> NameSection {
    let mut map = NameMap::new();
    for (new, old) in (0..).zip(order) {
        map.append(new, &module.names[*old as usize]);
    }
    let mut names = NameSection::new();
    names.functions(&map);
    names
}

/// The part that is fetched later. It puts its functions into the slots of their doors.
pub fn rest(bytes: &[u8], module: &Module, plan: &Plan) -> Result<Vec<u8>, String> {
    write_rest(bytes, module, plan).map_err(|error| error.to_string())
}

fn write_rest(bytes: &[u8], module: &Module, plan: &Plan) -> Result<Vec<u8>, Failed> {
    let moved: Vec<u32> = module
        .all()
        .filter(|function| plan.later[*function as usize])
        .collect();
    let order: Vec<u32> = plan.backs.iter().chain(&moved).copied().collect();
    let mut renumbered = Renumbered::new(module.functions.len(), order.iter().copied());

    let (mut types, mut code) = (TypeSection::new(), CodeSection::new());
    let mut features = None;
    let mut at = module.imports;
    for payload in Parser::new(0).parse_all(bytes) {
        match payload? {
            Payload::TypeSection(section) => renumbered.parse_type_section(&mut types, section)?,
            Payload::CustomSection(section) if section.name() == "target_features" => {
                features = Some(RawSection {
                    id: 0,
                    data: &bytes[section.range().start as usize..section.range().end as usize],
                });
            }
            Payload::CodeSectionEntry(body) => {
                if plan.later[at as usize] {
                    renumbered.parse_function_body(&mut code, body)?;
                }
                at += 1;
            }
            _ => {}
        }
    }
    let mut functions = FunctionSection::new();
    for function in &moved {
        functions.function(module.functions[*function as usize]);
    }
    let mut elements = ElementSection::new();
    let doors: Result<Vec<u32>, Failed> =
        plan.doors.keys().map(|door| renumbered.of(*door)).collect();
    if let Some(slot) = plan.doors.values().next() {
        let offset = ConstExpr::i32_const(*slot as i32);
        elements.active(Some(0), &offset, Elements::Functions(doors?.into()));
    }
    let mut output = Output::new();
    output.section(&types);
    output.section(&taken(&mut renumbered, module, plan)?);
    output.section(&functions);
    output.section(&elements);
    output.section(&code);
    output.section(&names(&order, module));
    if let Some(features) = features {
        output.section(&features);
    }
    Ok(output.finish())
}

/// What the rest takes from the first part.
fn taken(
    renumbered: &mut Renumbered,
    module: &Module,
    plan: &Plan,
) -> Result<ImportSection, Failed> {
    let mut imports = ImportSection::new();
    for (index, function) in plan.backs.iter().enumerate() {
        let kind = EntityType::Function(module.functions[*function as usize]);
        imports.import(FIRST, &format!("f{index}"), kind);
    }
    for (index, table) in tables(renumbered, module, plan)?.into_iter().enumerate() {
        imports.import(FIRST, &format!("t{index}"), table);
    }
    for (index, memory) in module.memories.iter().enumerate() {
        let memory = renumbered.memory_type(*memory)?;
        imports.import(FIRST, &format!("m{index}"), memory);
    }
    for (index, global) in module.globals.iter().enumerate() {
        let global = renumbered.global_type(*global)?;
        imports.import(FIRST, &format!("g{index}"), global);
    }
    Ok(imports)
}
