// `ecc inspect FILE|REF`: what is inside a package, without running anything of it.

#include "compiler/commands/command.h"
#include "compiler/commands/inspect_text.h"
#include "compiler/commands/package_source.h"
#include "compiler/commands/registry_options.h"
#include "packager/json.h"
#include "support/digest.h"
#include "support/files.h"
#include "support/output.h"

#include <fmt/format.h>

namespace ecc {
namespace {

constexpr const char* explanation = R"(
Shows objects, programs, maps, types, settings, permissions, sizes and digests, as the package's manifest states them.

  ecc inspect opensnoop.wasm
  ecc inspect localhost:5000/tools/opensnoop:1 --json

--json prints one object: "reference" (null for a file), "digest", "sizes", and "manifest" as in
docs/schema/ecc.package.schema.json.)";

struct Arguments {
    std::string source;
    RegistryOptions registry;
};

struct Loaded {
    Bytes bytes;
    std::string reference; ///< with the manifest's digest; empty for a file
};

Result<Loaded> load(const PackageSource& source, const StoreOptions& options) {
    if (!source.reference) {
        ECC_TRY(auto bytes, read_file(source.text));
        return Loaded{std::move(bytes), {}};
    }
    ECC_TRY(auto artifact, open_artifact(*source.reference, options));
    ECC_TRY(auto bytes, download(artifact));
    Reference pinned = artifact.reference;
    pinned.digest = artifact.found.manifest.digest;
    return Loaded{std::move(bytes), pinned.text()};
}

nlohmann::json to_json(const PackageSizes& sizes) {
    return {{"total", sizes.total},
            {"objects", sizes.objects},
            {"btf", sizes.btf},
            {"manifest", sizes.manifest},
            {"user_part", sizes.user_part}};
}

void print_json(const Loaded& loaded, const Manifest& manifest, const PackageSizes& sizes,
                const std::string& digest) {
    nlohmann::json document = {{"reference", nullptr},
                               {"digest", digest},
                               {"sizes", to_json(sizes)},
                               {"manifest", parse_json(manifest_to_json(manifest))}};
    if (!loaded.reference.empty())
        document["reference"] = loaded.reference;
    print_to(stdout, "{}\n", json_text(document));
}

CommandResult inspect(const Arguments& arguments) {
    ECC_TRY(auto source, find_package_source(arguments.source));
    ECC_TRY(auto loaded, load(source, arguments.registry.store));
    const std::string where = source.text == "-" ? "standard input" : source.text;
    ECC_TRY(auto package, read_package(loaded.bytes, where));
    ECC_TRY(auto sizes, package_sizes(loaded.bytes, package, where));
    const std::string digest = sha256_digest(loaded.bytes);
    if (arguments.registry.json)
        print_json(loaded, package.manifest, sizes, digest);
    else
        print_to(stdout, "{}{}", loaded.reference.empty() ? "" : loaded.reference + "\n",
                 inspect_text(package.manifest, sizes, digest));
    return 0;
}

} // namespace

CommandBody define_inspect(CLI::App& app, const Diagnostics& diagnostics) {
    auto arguments = std::make_shared<Arguments>();
    app.add_option("FILE|REF", arguments->source,
                   "a package, - for standard input, or HOST/NAME:TAG or oci:DIR:TAG")
        ->required();
    add_registry_options(app, arguments->registry, diagnostics);
    app.footer(explanation);
    return [arguments] { return inspect(*arguments); };
}

} // namespace ecc
