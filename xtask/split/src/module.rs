//! What has to be known about a module before it can be split.

use std::collections::BTreeSet;

use wasmparser::{
    ElementItems, ExternalKind, FuncType, GlobalType, KnownCustom, MemoryType, Name, Operator,
    Parser, Payload, Result, TableType, TypeRef,
};

/// The name that the page's import has in its source: see `loader.js`.
const LOADER: &str = "eventyardRest";

/// A module's functions, and who needs which.
#[derive(Default)]
pub struct Module {
    pub types: Vec<FuncType>,
    /// Functions that come from outside; their numbers are the first ones.
    pub imports: u32,
    /// The one that fetches the rest.
    pub loader: Option<u32>,
    /// The type of each function.
    pub functions: Vec<u32>,
    /// The bytes of its code.
    pub sizes: Vec<usize>,
    /// The name of each, empty if it has none.
    pub names: Vec<String>,
    /// What each calls or refers to by its number.
    pub needs: Vec<Vec<u32>>,
    /// Functions that the page calls.
    pub exported: BTreeSet<u32>,
    /// Functions that are called through the table.
    pub in_table: BTreeSet<u32>,
    pub tables: Vec<TableType>,
    pub memories: Vec<MemoryType>,
    pub globals: Vec<GlobalType>,
}

impl Module {
    pub fn read(bytes: &[u8]) -> Result<Self> {
        let mut module = Self::default();
        for payload in Parser::new(0).parse_all(bytes) {
            module.take(payload?)?;
        }
        module.names.resize(module.functions.len(), String::new());
        Ok(module)
    }

    fn take(&mut self, payload: Payload<'_>) -> Result<()> {
        match payload {
            Payload::TypeSection(section) => {
                for types in section.into_iter_err_on_gc_types() {
                    self.types.push(types?);
                }
            }
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    let import = import?;
                    if let TypeRef::Func(kind) = import.ty {
                        if import.name.contains(LOADER) {
                            self.loader = Some(self.imports);
                        }
                        self.imports += 1;
                        self.functions.push(kind);
                        self.sizes.push(0);
                        self.needs.push(Vec::new());
                    }
                }
            }
            Payload::FunctionSection(section) => {
                for kind in section {
                    self.functions.push(kind?);
                }
            }
            Payload::TableSection(section) => {
                for table in section {
                    self.tables.push(table?.ty);
                }
            }
            Payload::MemorySection(section) => {
                for memory in section {
                    self.memories.push(memory?);
                }
            }
            Payload::GlobalSection(section) => {
                for global in section {
                    self.globals.push(global?.ty);
                }
            }
            Payload::ExportSection(section) => {
                for export in section {
                    let export = export?;
                    if export.kind == ExternalKind::Func {
                        self.exported.insert(export.index);
                    }
                }
            }
            Payload::StartSection { func, .. } => {
                self.exported.insert(func);
            }
            Payload::ElementSection(section) => {
                for element in section {
                    let element = element?;
                    self.take_element(element.items)?;
                }
            }
            Payload::CodeSectionEntry(body) => {
                let mut needs = BTreeSet::new();
                for operator in body.get_operators_reader()? {
                    if let Operator::Call { function_index }
                    | Operator::ReturnCall { function_index }
                    | Operator::RefFunc { function_index } = operator?
                    {
                        needs.insert(function_index);
                    }
                }
                self.needs.push(needs.into_iter().collect());
                let range = body.range();
                self.sizes.push((range.end - range.start) as usize);
            }
            Payload::CustomSection(section) => {
                if let KnownCustom::Name(names) = section.as_known() {
                    self.take_names(names)?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn take_element(&mut self, items: ElementItems<'_>) -> Result<()> {
        match items {
            ElementItems::Functions(functions) => {
                for function in functions {
                    self.in_table.insert(function?);
                }
            }
            ElementItems::Expressions(_, expressions) => {
                for expression in expressions {
                    for operator in expression?.get_operators_reader() {
                        if let Operator::RefFunc { function_index } = operator? {
                            self.in_table.insert(function_index);
                        }
                    }
                }
            }
        }
        Ok(())
    }

    fn take_names(&mut self, names: wasmparser::NameSectionReader<'_>) -> Result<()> {
        for subsection in names {
            if let Name::Function(map) = subsection? {
                for naming in map {
                    let naming = naming?;
                    let at = naming.index as usize;
                    self.names
                        .resize(self.names.len().max(at + 1), String::new());
                    self.names[at] = without_hashes(naming.name);
                }
            }
        }
        Ok(())
    }

    /// Whether a function need not be where it is.
    pub fn may_move(&self, function: u32) -> bool {
        !self.is_import(function) && !self.exported.contains(&function)
    }

    /// Whether a function comes from outside.
    pub fn is_import(&self, function: u32) -> bool {
        function < self.imports
    }

    /// The numbers of all functions.
    pub fn all(&self) -> std::ops::Range<u32> {
        0..self.functions.len() as u32
    }
}

/// `page[5f3c]::app` is `page::app`.
fn without_hashes(name: &str) -> String {
    let mut kept = String::with_capacity(name.len());
    let mut rest = name;
    while let Some(open) = rest.find('[') {
        let (before, after) = rest.split_at(open);
        let close = after.find(']').unwrap_or(after.len() - 1);
        let inside = &after[1..close.max(1)];
        kept.push_str(before);
        if inside.is_empty() || !inside.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            kept.push_str(&after[..=close]);
        }
        rest = &after[close + 1..];
    }
    kept + rest
}

#[cfg(test)]
mod tests {
    use super::without_hashes;

    #[test]
    fn hashes_of_crates_are_no_part_of_a_name() {
        let name = "<page[5f3c]::app::List as core[0a]::Fn<[u8; 4]>>::call";
        assert_eq!(
            without_hashes(name),
            "<page::app::List as core::Fn<[u8; 4]>>::call"
        );
    }
}
