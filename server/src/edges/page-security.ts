import type { FastifyHelmetOptions } from '@fastify/helmet';

/** For whatever a browser shows. Scripts only from here; styles also in the page. No frame, no form to elsewhere. */
export const PAGE_SECURITY: FastifyHelmetOptions = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      // Components compute some, and Swagger UI brings its own; no text from outside is ever in one.
      styleSrc: ["'self'", "'unsafe-inline'"],
      imgSrc: ["'self'", 'data:'],
      connectSrc: ["'self'"],
      manifestSrc: ["'self'"],
      baseUri: ["'none'"],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
    },
  },
  referrerPolicy: { policy: 'same-origin' },
  // Whether this host speaks HTTPS only is for its operator to say, at the proxy that ends TLS.
  strictTransportSecurity: false,
};
