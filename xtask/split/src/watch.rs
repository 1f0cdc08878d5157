//! A program each of whose functions tells the page that it is called.

use wasm_encoder::reencode::{Reencode, RoundtripReencoder};
use wasm_encoder::{CodeSection, Instruction, Module as Output, RawSection};
use wasmparser::{Parser, Payload};

use crate::module::Module;

type Failed = wasm_encoder::reencode::Error;

/// The program in which each function that need not be where it is begins by calling the import
/// that fetches the rest, with its own number.
pub fn watched(bytes: &[u8], module: &Module) -> Result<Vec<u8>, String> {
    let loader = module.loader.ok_or("the page has no import to call")?;
    write(bytes, module, loader).map_err(|error| error.to_string())
}

fn write(bytes: &[u8], module: &Module, loader: u32) -> Result<Vec<u8>, Failed> {
    let mut as_it_is = RoundtripReencoder;
    let mut output = Output::new();
    let mut code = CodeSection::new();
    let mut at = module.imports;
    for payload in Parser::new(0).parse_all(bytes) {
        match payload? {
            Payload::CodeSectionStart { .. } => {}
            Payload::CodeSectionEntry(body) => {
                let mut function = as_it_is.new_function_with_parsed_locals(&body)?;
                if module.may_move(at) {
                    function.instruction(&Instruction::I32Const(at as i32));
                    function.instruction(&Instruction::Call(loader));
                }
                let mut reader = body.get_operators_reader()?;
                while !reader.eof() {
                    function.instruction(&as_it_is.parse_instruction(&mut reader)?);
                }
                code.function(&function);
                at += 1;
                if at as usize == module.functions.len() {
                    output.section(&code);
                }
            }
            payload => {
                if let Some((id, range)) = payload.as_section() {
                    let data = &bytes[range.start as usize..range.end as usize];
                    output.section(&RawSection { id, data });
                }
            }
        }
    }
    Ok(output.finish())
}
