/** What a schema's validator says about one part of a value. */
export interface SchemaFault {
  keyword: string;
  schemaPath: string;
  instancePath: string;
  params: object;
  message: string;
}

/** A field at fault, for the caller: a JSON pointer and what is wrong. */
export interface FieldFault {
  pointer: string;
  detail: string;
}

/** Names of fields come from outside; a pointer is cut where it says enough. */
const POINTER_LENGTH_MAX = 200;

/** Lists of allowed values that are longer than this stand in the documentation. */
const ALLOWED_SHOWN_MAX = 8;

/**
 * Makes of a validator's findings (at most eight, its own limit) one entry for each field: missing fields are pointed to by name, and of a field with
 * several allowed forms only the field itself is named, not each form that it does not have.
 */
export function fieldFaults(faults: readonly SchemaFault[]): FieldFault[] {
  const unions = faults
    .filter(({ keyword }) => keyword === 'anyOf' || keyword === 'oneOf')
    .map(({ schemaPath }) => `${schemaPath}/`);
  const found = new Map<string, string>();
  for (const fault of faults) {
    if (unions.some((path) => fault.schemaPath.startsWith(path))) continue;
    for (const { pointer, detail } of entriesOf(fault)) {
      if (!found.has(pointer)) found.set(pointer, detail);
    }
  }
  return [...found].map(([pointer, detail]) => ({ pointer: pointer.slice(0, POINTER_LENGTH_MAX), detail }));
}

function entriesOf({ keyword, instancePath, params, message }: SchemaFault): FieldFault[] {
  const details = params as {
    requiredProperties?: string[];
    allowedValues?: unknown[];
  };
  switch (keyword) {
    case 'required':
      return (details.requiredProperties ?? []).map((name) => ({
        pointer: `${instancePath}/${escape(name)}`,
        detail: 'is required',
      }));
    // Each unknown field meets the schema `false`; the list of them, behind it, may be cut off by the validator's limit.
    case 'boolean':
      return [{ pointer: instancePath, detail: 'is not known here' }];
    case 'additionalProperties':
      return [];
    case 'anyOf':
    case 'oneOf':
      return [{ pointer: instancePath, detail: 'has none of the allowed forms' }];
    case 'enum': {
      const values = details.allowedValues ?? [];
      return [
        {
          pointer: instancePath,
          detail:
            values.length <= ALLOWED_SHOWN_MAX
              ? `must be one of ${values.join(', ')}`
              : 'is none of the allowed values',
        },
      ];
    }
    default:
      return [{ pointer: instancePath, detail: message }];
  }
}

/** RFC 6901. */
function escape(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
