// Command sdks writes the packages for programs in Python and Go, out of a package's schema: sdks SCHEMA FOLDER.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"

	gogen "github.com/pulumi/pulumi/pkg/v3/codegen/go"
	"github.com/pulumi/pulumi/pkg/v3/codegen/python"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
)

// The schema refers to no other package.
type noOthers struct{ schema.ReferenceLoader }

const tool = "pulumi-clusterops"

func main() {
	if err := run(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(file, folder string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var spec schema.PackageSpec
	if err := json.Unmarshal(text, &spec); err != nil {
		return err
	}
	for language, generate := range map[string]func(*schema.Package) (map[string][]byte, error){
		"python": pythonPackage,
		"go":     goPackage,
	} {
		// Each generator changes what it is given.
		pkg, problems, err := schema.BindSpec(spec, noOthers{}, schema.ValidationOptions{})
		if err != nil {
			return err
		}
		if problems.HasErrors() {
			return problems
		}
		files, err := generate(pkg)
		if err != nil {
			return fmt.Errorf("%s: %w", language, err)
		}
		if err := write(filepath.Join(folder, language), files); err != nil {
			return err
		}
	}
	return nil
}

func pythonPackage(pkg *schema.Package) (map[string][]byte, error) {
	files, err := python.GeneratePackage(tool, pkg, nil, noOthers{})
	if err != nil {
		return nil, err
	}
	// pyproject.toml names it there, and setuptools insists on it.
	files["README.md"] = files["pulumi_clusterops/README.md"]
	return files, nil
}

// The generator leaves the module file to whoever publishes the package.
func goPackage(pkg *schema.Package) (map[string][]byte, error) {
	files, err := gogen.GeneratePackage(tool, pkg, nil)
	if err != nil {
		return nil, err
	}
	info := pkg.Language["go"].(gogen.GoPackageInfo)
	for name, text := range files {
		files[name] = withoutIdleImport(text, info.ImportBasePath)
	}
	module := []string{"module " + info.ModulePath, "", "go 1.25", ""}
	for _, name := range []string{"github.com/blang/semver", "github.com/pulumi/pulumi/sdk/v3"} {
		module = append(module, "require "+name+" "+versionOf(name))
	}
	files["go.mod"] = []byte(strings.Join(module, "\n") + "\n")
	return files, nil
}

// The generator imports the package of a type that stands in a union only, and then writes `any` for the union: Go refuses the import.
func withoutIdleImport(text []byte, path string) []byte {
	line := []byte(fmt.Sprintf("\t%q\n", path))
	rest := bytes.Replace(text, line, nil, 1)
	if used := []byte(filepath.Base(path) + "."); bytes.Contains(rest, used) {
		return text
	}
	return rest
}

// The version that this program itself is built with.
func versionOf(module string) string {
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, dependency := range info.Deps {
			if dependency.Path == module {
				return dependency.Version
			}
		}
	}
	panic("this program is built without " + module)
}

func write(folder string, files map[string][]byte) error {
	for name, text := range files {
		file := filepath.Join(folder, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(file, text, 0o644); err != nil {
			return err
		}
	}
	return nil
}
