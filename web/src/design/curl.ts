export interface CurlOptions {
  origin: string;
  method: 'GET' | 'POST' | 'DELETE';
  path: string;
  body?: unknown;
}

/** In single quotes a shell reads everything as it stands, but for the single quote. */
function quote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** The call for a terminal. The key comes from the environment: none is ever in the page, nor in a shell's history. */
export function curlOf({ origin, method, path, body }: CurlOptions): string {
  const lines = [
    `curl ${quote(`${origin}${path}`)}`,
    ...(method === 'GET' ? [] : [`-X ${method}`]),
    '-H "Authorization: Bearer $MILLRACE_TOKEN"',
    ...(body === undefined ? [] : ["-H 'Content-Type: application/json'", `-d ${quote(JSON.stringify(body))}`]),
  ];
  return lines.join(' \\\n  ');
}
