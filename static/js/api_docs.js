// The reference draws itself from the OpenAPI document. A token typed into it lives in this page alone.
"use strict";

const place = document.getElementById("api-docs");
SwaggerUIBundle({
  url: place.dataset.schemaUrl,
  domNode: place,
  presets: [SwaggerUIBundle.presets.apis],
  layout: "BaseLayout",
  deepLinking: false,
  persistAuthorization: false,
  validatorUrl: null,
  withCredentials: false,
});
