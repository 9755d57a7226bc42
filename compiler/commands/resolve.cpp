// `ecc resolve REF`: the digest behind a tag.

#include "compiler/commands/registry_options.h"
#include "packager/json.h"
#include "support/output.h"

#include <fmt/format.h>

namespace ecc {
namespace {

constexpr const char* explanation = R"(
Prints the digest of the manifest that a tag names now. A digest never changes its meaning, a tag may.

  ecc resolve ghcr.io/me/opensnoop:1
  ecc run $(ecc resolve --full-reference ghcr.io/me/opensnoop:1)
  ecc resolve oci:shelf:1
  ecc resolve --platform linux/arm64 ghcr.io/me/opensnoop:1    of an index, the image for arm64)";

struct Arguments {
    std::string reference;
    bool full = false;
    RegistryOptions registry;
};

CommandResult run(const Arguments& arguments) {
    ECC_TRY(auto opened, open_store(arguments.reference, arguments.registry, Access::pull));
    ECC_TRY(auto manifest, fetch_manifest(opened));
    const Descriptor descriptor = manifest.descriptor();
    if (arguments.registry.json)
        print_to(stdout, "{}\n", json_text(described(opened.reference, descriptor)));
    else
        print_to(stdout, "{}\n",
                 arguments.full ? opened.reference.at(descriptor.digest).text() : descriptor.digest);
    return 0;
}

} // namespace

CommandBody define_resolve(CLI::App& app, const Diagnostics& diagnostics) {
    auto arguments = std::make_shared<Arguments>();
    app.add_option("REF", arguments->reference, reference_forms)->required();
    app.add_flag("-l,--full-reference", arguments->full, "print HOST/NAME@DIGEST");
    add_platform(app, arguments->registry);
    add_registry_options(app, arguments->registry, diagnostics);
    app.footer(explanation);
    return [arguments] { return run(*arguments); };
}

} // namespace ecc
