import js from "@eslint/js";
import globals from "globals";
import { flatConfigs as importX } from "eslint-plugin-import-x";

const SCRIPTS = "backend/main/static/main/js/**/*.js";
const TESTS = "backend/main/tests/js/**/*.js";

export default [
  js.configs.recommended,
  importX.recommended,
  {
    files: [SCRIPTS, TESTS],
    languageOptions: { ecmaVersion: 2024, sourceType: "module" },
    rules: {
      "eqeqeq": "error",
      "no-unused-vars": ["error", { argsIgnorePattern: "^_", caughtErrors: "all" }],
      "no-shadow": "error",
      "no-self-compare": "error",
      "no-promise-executor-return": "off",
      "no-template-curly-in-string": "error",
      "no-unreachable-loop": "error",
      "no-use-before-define": ["error", { functions: false, classes: false, variables: false }],
      "no-var": "error",
      "prefer-const": "error",
      "no-implied-eval": "error",
      "no-eval": "error",
      "array-callback-return": "error",
      "consistent-this": "error",
      "import-x/no-cycle": "error",
      "import-x/no-self-import": "error",
      "import-x/first": "error",
      "import-x/newline-after-import": "off",
      "import-x/no-mutable-exports": "error"
    },
  },
  { files: [SCRIPTS], languageOptions: { globals: globals.browser } },
  { files: [TESTS], languageOptions: { globals: globals.node } },
];
