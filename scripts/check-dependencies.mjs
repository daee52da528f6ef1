// What a workspace imports, its own package.json declares, and nothing else: npm puts all packages side by side, so that
// an undeclared one is found all the same, until its other user goes.
import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';

/**
 * @param modules what dependency-cruiser read
 * @param isTest whether this path's file is no part of the product
 * @returns one line for each declaration that is missing or too much
 */
export function findDependencyProblems({ root, workspaces, modules, isTest }) {
  // Tools that all share: to test, and types of packages that have none.
  const shared = readPackage(root).devDependencies;
  return workspaces.flatMap((workspace) => {
    const { dependencies = {}, devDependencies = {} } = readPackage(join(root, workspace));
    const imports = modules.filter(({ source }) => source.startsWith(`${workspace}/`)).flatMap(importsOf);
    const inProduct = imports.filter(({ source }) => !isTest(source));
    const missing = imports.filter(({ source, name, isType }) => {
      if (Object.hasOwn(dependencies, name)) return false;
      const mayBeForDevelopment = isType || isTest(source);
      return !(mayBeForDevelopment && (Object.hasOwn(devDependencies, name) || Object.hasOwn(shared, name)));
    });
    // Types of a package that brings none are used wherever that is.
    const isTyping = (name) => name.startsWith('@types/') && Object.hasOwn(dependencies, name.slice('@types/'.length));
    const isUnused = (among) => (name) => !isTyping(name) && !among.some((used) => used.name === name);
    const unused = [
      ...Object.keys(dependencies).filter(isUnused(inProduct)),
      ...Object.keys(devDependencies).filter(isUnused(imports)),
    ];
    return [
      ...new Set(missing.map(({ source, name }) => `undeclared: ${source} → ${name}`)),
      ...unused.map((name) => `unused: ${workspace}/package.json → ${name}`),
    ];
  });
}

function readPackage(folder) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}

function importsOf({ source, dependencies }) {
  return dependencies
    .filter(({ module }) => !module.startsWith('.') && !isBuiltin(module))
    .map(({ module, dependencyTypes }) => ({
      source,
      name: module.split('/', module.startsWith('@') ? 2 : 1).join('/'),
      isType: dependencyTypes.includes('type-only'),
    }));
}
