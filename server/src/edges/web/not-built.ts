/** What stands at `/` where only the API was started. */
export const NOT_BUILT_PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Millrace</title>
<style>:root { color-scheme: light dark; } body { font: 16px/1.5 system-ui, sans-serif; max-width: 40rem; margin: 3rem auto; padding: 0 1rem; }</style>
</head>
<body>
<main>
<h1>Millrace is running</h1>
<p>The web application was not built. <code>npm start</code> builds and serves it; <code>npm run dev</code> serves it from its sources.</p>
<p>The API is here all the same: <a href="/swagger/">operations</a>, <a href="/docs/events">events</a>.</p>
</main>
</body>
</html>
`;
