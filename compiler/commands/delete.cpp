// `ecc delete REF`: a manifest and the tags that name it.

#include "compiler/commands/deletion.h"
#include "compiler/commands/registry_options.h"
#include "packager/json.h"
#include "packager/oci/transfer.h"
#include "support/output.h"

#include <fmt/format.h>

namespace ecc {
namespace {

constexpr const char* explanation = R"(
Deletes the manifest that REF names, and with it every tag of the same digest. Registries free its blobs later, at their own
time. Without a terminal to ask on, --force is needed.

  ecc delete localhost:5000/t/opensnoop:1
  ecc delete --force oci:shelf@sha256:…)";

struct Arguments {
    std::string reference;
    bool force = false;
    RegistryOptions registry;
};

} // namespace

CommandResult delete_manifest(const std::string& reference, bool force, const RegistryOptions& options) {
    ECC_TRY(auto opened, open_store(reference, options, Access::remove));
    ECC_TRY(auto manifest, fetch_manifest(*opened.store, opened.reference));
    const Descriptor descriptor = manifest.descriptor();
    const Reference pinned = opened.reference.at(descriptor.digest);
    ECC_CHECK(confirm_deletion(pinned.text() + " and every tag of it", force));
    ECC_CHECK(opened.store->delete_manifest(manifest));
    ECC_CHECK(opened.store->finish());
    if (options.json)
        print_to(stdout, "{}\n", json_text(described(pinned, descriptor)));
    else
        print_to(stdout, "deleted {}\n", pinned.text());
    return 0;
}

CommandBody define_delete(CLI::App& app, const Diagnostics& diagnostics) {
    auto arguments = std::make_shared<Arguments>();
    app.add_option("REF", arguments->reference, reference_forms)->required();
    app.add_flag("-f,--force", arguments->force, "do not ask");
    add_registry_options(app, arguments->registry, diagnostics);
    app.footer(explanation);
    return
        [arguments] { return delete_manifest(arguments->reference, arguments->force, arguments->registry); };
}

} // namespace ecc
