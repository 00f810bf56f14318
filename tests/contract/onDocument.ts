// The second part of the contract test: runs the client and the lifecycle of every resource on a Hub that gives
// exactly the answers of the document. To run it alone: `npx tsx tests/contract/onDocument.ts FILE`.
import { clientOnDocument } from "./clientOnDocument";
import { type ApiDocument, loadDocument } from "./document";
import { Findings } from "./findings";
import { lifecyclesOnDocument } from "./lifecyclesOnDocument";

/** Runs everything. Finds violations of the document, and answers that our code cannot handle. */
export async function checkOnDocument(document: ApiDocument): Promise<Findings> {
  const findings = new Findings();
  await clientOnDocument(document, findings);
  await lifecyclesOnDocument(document, findings);
  return findings;
}

async function main(): Promise<void> {
  const [source] = process.argv.slice(2);
  if (source === undefined) throw new Error("Name the file or the address of the Hub's OpenAPI document.");
  const { violations, notes, tried } = await checkOnDocument(await loadDocument(source));
  for (const { operation, problem } of notes) console.log(`note       ${operation}\n           ${problem}`);
  for (const { operation, problem } of violations)
    console.log(`VIOLATION  ${operation}\n           ${problem}`);
  console.log(`${tried} answers tried, ${notes.length} notes, ${violations.length} violations.`);
  if (violations.length > 0) process.exitCode = 1;
}

if (require.main === module) {
  main().catch((error: unknown) => {
    console.error((error as Error).message);
    process.exitCode = 2;
  });
}
