import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import ts from "typescript";

/** The part of a JSON schema that the hub's OpenAPI document uses. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly items?: Schema;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly description?: string;
}

export type Schemas = Readonly<Record<string, Schema>>;

const root = resolve(import.meta.dirname, "..");
const contract = resolve(root, "src/contract.ts");
/** It exists in memory only. */
const comparison = resolve(root, "functional/comparison.ts");

/** The client's types, as the TypeScript compiler reads them. */
export class ContractTypes {
  private readonly options: ts.CompilerOptions;
  /** The library and the contract, which are parsed once. */
  private readonly files = new Map<string, ts.SourceFile | undefined>();

  constructor() {
    const read = (path: string) => readFileSync(path, "utf8");
    const parsed = ts.parseConfigFileTextToJson("tsconfig.json", read(resolve(root, "tsconfig.json"))) as {
      config: { compilerOptions: object };
    };
    const { options } = ts.convertCompilerOptionsFromJson(parsed.config.compilerOptions, root);
    // The contract needs neither Node nor a browser.
    this.options = { ...options, types: [], lib: ["lib.es2022.d.ts"] };
  }

  /**
   * Compares a schema with a type of the client. Texts that the client restricts to known values count as texts.
   * @param reserved Optional members that the document does not have.
   * @returns What the compiler says of the differences; empty when there are none.
   */
  differences(schemas: Schemas, name: string, reserved: readonly string[] = []): string[] {
    const source = `
      import type * as contract from "../src/contract.js";
      type Wide<T> = T extends string ? string : T extends number ? number : T extends null ? null
        : T extends readonly (infer Item)[] ? readonly Wide<Item>[]
        : T extends object ? { readonly [Member in keyof T]: Wide<T[Member]> } : T;
      ${Object.entries(schemas)
        .map(([schema, content]) => `interface ${schema} ${write(content)}`)
        .join("\n")}
      type Client = Wide<Omit<contract.${name}, ${union(reserved)}>>;
      export const written = (document: ${name}): Client => document;
      export const read = (client: Client): ${name} => client;
      export const members: [keyof Client, keyof ${name}] extends [keyof ${name}, keyof Client] ? true : false = true;`;
    const program = this.compile(source);
    return ts
      .getPreEmitDiagnostics(program, program.getSourceFile(comparison))
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
  }

  /** The texts of a union of the contract, such as `Freshness`. */
  texts(name: string): string[] {
    const program = this.compile(`import type { ${name} } from "../src/contract.js"; export type Texts = ${name};`);
    const file = program.getSourceFile(comparison);
    const alias = file?.statements.find(ts.isTypeAliasDeclaration);
    const type = alias && program.getTypeChecker().getTypeAtLocation(alias);
    return type?.isUnion() ? type.types.flatMap((part) => (part.isStringLiteral() ? [part.value] : [])) : [];
  }

  private compile(source: string): ts.Program {
    const host = ts.createCompilerHost(this.options);
    const getSourceFile = host.getSourceFile.bind(host);
    host.getSourceFile = (path, version) => {
      if (resolve(path) === comparison) {
        return ts.createSourceFile(path, source, version);
      }
      if (!this.files.has(path)) {
        this.files.set(path, getSourceFile(path, version));
      }
      return this.files.get(path);
    };
    return ts.createProgram([comparison, contract], this.options, host);
  }
}

function write(schema: Schema): string {
  if (schema.$ref !== undefined) {
    return schema.$ref.replace("#/components/schemas/", "");
  }
  const types = typeof schema.type === "string" ? [schema.type] : (schema.type ?? []);
  return types.map((type) => writeType(type, schema)).join(" | ");
}

function writeType(type: string, { items, properties = {}, required = [] }: Schema): string {
  switch (type) {
    case "object":
      return `{ ${Object.entries(properties)
        .map(([name, value]) => `readonly ${name}${required.includes(name) ? "" : "?"}: ${write(value)};`)
        .join(" ")} }`;
    case "array":
      return `readonly (${write(items ?? {})})[]`;
    case "integer":
    case "number":
      return "number";
    case "string":
    case "boolean":
    case "null":
      return type;
    default:
      throw new Error(`The document has a schema of type ${type}, which this test cannot compare.`);
  }
}

function union(texts: readonly string[]): string {
  return texts.length === 0 ? "never" : texts.map((text) => JSON.stringify(text)).join(" | ");
}
