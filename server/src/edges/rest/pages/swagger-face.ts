import type { FastifySwaggerUiOptions } from '@fastify/swagger-ui';
import { COLOURS, MARK } from './html.ts';

/** Swagger UI keeps its own two schemes; what is ours is the bar that leads back, the letters and the accent. */
const STYLE = `${COLOURS}
.swagger-ui, .swagger-ui .info .title, .swagger-ui .opblock-tag, .swagger-ui .opblock .opblock-summary-description, .swagger-ui label, .swagger-ui .btn, .swagger-ui .info li, .swagger-ui .info p { font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
.swagger-ui .topbar { padding: 6px 0; }
.swagger-ui .topbar .download-url-wrapper { display: none; }
.swagger-ui .topbar-wrapper a, .swagger-ui .topbar-wrapper .link { max-width: none; }
.swagger-ui .topbar-wrapper .link::after { content: "Millrace documentation"; font-weight: 650; margin-left: .5rem; }
.swagger-ui .topbar-wrapper img { height: 28px; }
.swagger-ui .opblock { box-shadow: none; border-radius: 6px; }
.swagger-ui .scheme-container { box-shadow: none; }
.swagger-ui .btn { box-shadow: none; }
.swagger-ui .btn.authorize, .swagger-ui .btn.execute { background: #0e7478; border-color: #0e7478; color: #fff; }
.swagger-ui .btn.authorize span { color: #fff; }
.swagger-ui .btn.authorize svg { fill: #fff; }
`;

/** How Swagger UI looks, and where it leads back to. */
export const SWAGGER_FACE: Pick<FastifySwaggerUiOptions, 'theme' | 'logo'> = {
  theme: {
    title: 'The HTTP API · Millrace',
    css: [{ filename: 'millrace.css', content: STYLE }],
    favicon: [
      { filename: 'favicon.svg', rel: 'icon', type: 'image/svg+xml', sizes: 'any', content: Buffer.from(MARK) },
    ],
  },
  logo: { type: 'image/svg+xml', content: Buffer.from(MARK), href: '/docs', target: '_self' },
};
