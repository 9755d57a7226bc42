// `ecc push FILE REF`: a package into a registry or layout.

#include "compiler/commands/registry_options.h"
#include "compiler/commands/transfer_progress.h"
#include "packager/json.h"
#include "packager/oci/transfer.h"
#include "packager/package/package.h"
#include "support/files.h"

#include <fmt/format.h>

namespace ecc {
namespace {

constexpr const char* explanation = R"(
Stores the package as a Wasm OCI artifact: one layer application/wasm, readable by oras, skopeo and Wasm runtimes.
Prints REF@DIGEST, which names exactly what was stored.

  ecc push opensnoop.wasm ghcr.io/me/opensnoop:1
  ecc push opensnoop.wasm oci:shelf:1      an OCI layout folder

The same package gives the same digest. SOURCE_DATE_EPOCH, if set, is recorded as the time of creation. Logins are those of
`podman login`, `docker login` and `oras login`.)";

struct Arguments {
    std::string file;
    std::string reference;
    RegistryOptions registry;
};

Result<Descriptor> store(const Arguments& arguments, const WasmArtifact& artifact, ByteView package) {
    ECC_TRY(auto opened, open_store(arguments.reference, arguments.registry, Access::push));
    TransferProgress progress("pushing " + opened.reference.text());
    ECC_TRY(auto manifest, push(*opened.store, opened.reference, artifact, package, progress.callback()));
    ECC_CHECK(opened.store->finish());
    return manifest;
}

void print(const Arguments& arguments, Reference reference, const Descriptor& manifest,
           const Descriptor& layer) {
    reference.digest = manifest.digest;
    if (!arguments.registry.json) {
        fmt::print("{}\n", reference.text());
        return;
    }
    fmt::print("{}\n", json_text({{"reference", reference.text()},
                                  {"digest", manifest.digest},
                                  {"mediaType", manifest.media_type},
                                  {"size", manifest.size},
                                  {"layer", descriptor_to_json(layer)}}));
}

CommandResult run(const Arguments& arguments) {
    ECC_TRY(auto reference, parse_reference(arguments.reference));
    ECC_TRY(auto created, source_date_epoch());
    ECC_TRY(auto bytes, read_file(arguments.file));
    ECC_TRY(auto package, read_package(bytes, arguments.file == "-" ? "standard input" : arguments.file));
    WasmArtifact artifact = make_wasm_artifact(bytes, package.manifest, created);
    ECC_TRY(auto manifest, store(arguments, artifact, bytes));
    print(arguments, reference, manifest, artifact.manifest.layers[0]);
    return 0;
}

} // namespace

CommandBody define_push(CLI::App& app, const Diagnostics& diagnostics) {
    auto arguments = std::make_shared<Arguments>();
    app.add_option("FILE", arguments->file, "a package; - is standard input")->required();
    app.add_option("REF", arguments->reference,
                   "HOST[:PORT]/NAME[:TAG], oci:DIR[:TAG] or oci-archive:FILE[:TAG]")
        ->required();
    add_registry_options(app, arguments->registry, diagnostics);
    app.footer(explanation);
    return [arguments] { return run(*arguments); };
}

} // namespace ecc
