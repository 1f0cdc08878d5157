// Times two cases of bench.wasm in alternation and prints, for each round and side, its
// nanoseconds, events and mean wait. Numbers only: the program `bench` makes sense of them.
//
//   node node.mjs bench.wasm ROUNDS MODEL RUNNER CUSTOMERS MODEL RUNNER CUSTOMERS

import { readFileSync } from "node:fs";

const [path, ...numbers] = process.argv.slice(2);
const [rounds, ...sides] = numbers.map(Number);
const cases = [sides.slice(0, 3), sides.slice(3, 6)];

const module = new WebAssembly.Module(readFileSync(path));
// One instance for each side, so that neither runs in memory that the other has grown.
const instances = cases.map(() => new WebAssembly.Instance(module, {}).exports);

function run(side, seed) {
  const wasm = instances[side];
  const problem = () => {
    const bytes = new Uint8Array(wasm.memory.buffer, wasm.problem_address(), wasm.problem_length());
    return new Error(new TextDecoder().decode(bytes));
  };
  if (!wasm.prepare(...cases[side], seed)) throw problem();
  const start = process.hrtime.bigint();
  const events = wasm.go();
  const nanoseconds = Number(process.hrtime.bigint() - start);
  if (Number.isNaN(events)) throw problem();
  return [nanoseconds, events, wasm.mean_wait()];
}

try {
  for (const side of [0, 1]) run(side, 1); // Compiles, warms caches, grows memory.
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 === 0 ? [0, 1] : [1, 0];
    const measured = [];
    for (const side of order) measured[side] = run(side, round + 1);
    console.log(measured.flat().join(" "));
  }
} catch (error) {
  console.error(error.message);
  process.exitCode = 2;
}
