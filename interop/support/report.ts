/** Writes a line to the test's output: a seed, a figure, the log of a server that failed. */
export function report(line: string): void {
  console.log(line);
}
