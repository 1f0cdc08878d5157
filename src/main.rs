//! The program: in the browser it is the page, elsewhere the command line.

#[cfg(not(target_arch = "wasm32"))]
mod cli;

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::process::ExitCode {
    cli::main()
}

#[cfg(all(target_arch = "wasm32", feature = "app"))]
fn main() {
    eventyard::app::mount();
}

#[cfg(all(target_arch = "wasm32", not(feature = "app")))]
fn main() {}
