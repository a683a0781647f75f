import js from '@eslint/js';
import jest from 'eslint-plugin-jest';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { layersRule } from './scripts/lint/layers.mjs';

const PRODUCT = ['src/**/*.ts', 'workflows/**/*.ts', 'activities/**/*.ts'];
const IMPURE = 'A workflow runs again and again from its history: do this in an activity.';
const PURE = 'src/domain is pure, and runs in workflows too.';

/** Imports of anything but relative paths and the packages in `pattern`, types excepted. */
const onlyPackages = (pattern, message) => [
  'error',
  { patterns: [{ regex: `^(?!\\.|(${pattern})$)`, allowTypeImports: true, message }] },
];
const noGlobals = (message) => [
  'error',
  ...['process', 'require', 'fetch', 'Buffer'].map((name) => ({ name, message })),
];

export default defineConfig(
  { ignores: ['dist/', 'dist-*/', 'coverage/', 'data/', '.cache/'] },
  { linterOptions: { noInlineConfig: true } },
  js.configs.recommended,
  {
    files: ['**/*.{js,mjs}'],
    languageOptions: { globals: { process: 'readonly', URL: 'readonly', module: 'writable' } },
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // Async without await is how a function keeps to an interface of promises and turns its throws into rejections.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-confusing-void-expression': 'off',
      // Our objects are closures; no method of them looks at `this`.
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    files: PRODUCT,
    plugins: { bridge: { rules: { layers: layersRule } } },
    rules: {
      'bridge/layers': 'error',
      'max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }],
      'no-console': 'error',
    },
  },
  {
    files: ['workflows/**/*.ts'],
    rules: {
      'no-restricted-globals': noGlobals(IMPURE),
      '@typescript-eslint/no-restricted-imports': onlyPackages('@temporalio/workflow|@temporalio/common', IMPURE),
    },
  },
  {
    files: ['src/domain/**/*.ts'],
    rules: {
      'no-restricted-globals': noGlobals(PURE),
      '@typescript-eslint/no-restricted-imports': onlyPackages('libphonenumber-js(/\\w+)?', PURE),
    },
  },
  {
    files: ['test/**/*.ts'],
    extends: [jest.configs['flat/recommended']],
    rules: {
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      'jest/expect-expect': ['error', { assertFunctionNames: ['expect*', 'fc.assert', 'assert*'] }],
      'jest/no-disabled-tests': 'error',
      // Jest's matchers and parsed answers are typed any, and a test may well fail by a TypeError.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      // Set-up may check its own ground.
      'jest/no-standalone-expect': 'off',
      // Samples are made from what no product code would: bytes, control characters, unknown values.
      'no-control-regex': 'off',
      '@typescript-eslint/no-misused-spread': 'off',
      '@typescript-eslint/restrict-plus-operands': 'off',
      '@typescript-eslint/restrict-template-expressions': 'off',
    },
  },
);
