// `ecc cp SOURCE TARGET`: an artifact or image from one registry, layout or archive into another.

#include "packager/oci/copy.h"

#include "compiler/commands/registry_options.h"
#include "compiler/commands/transfer_progress.h"
#include "packager/json.h"
#include "support/output.h"

#include <fmt/format.h>

namespace ecc {
namespace {

constexpr const char* explanation = R"(
Copies what SOURCE names with everything in it, indexes of several architectures included; bytes and digests stay the same. With
-r also what refers to it: signatures, documents, attestations, and what cosign keeps under tags (.sig, .att, .sbom). Within
one registry blobs are mounted, not transferred. A target without a tag gets the source's.

  ecc cp ghcr.io/me/opensnoop:1 registry.corp:5000/tools/opensnoop
  ecc cp -r ghcr.io/me/opensnoop:1 oci-archive:opensnoop.tar:1     for a machine without a network
  ecc cp oci:shelf:1 localhost:5000/t/opensnoop:1
  ecc cp --platform linux/arm64 ghcr.io/me/opensnoop:1 oci:shelf:arm64    of an index, the image for arm64)";

struct Arguments {
    std::string source, target;
    bool recursive = false;
    bool source_plain_http = false, target_plain_http = false;
    RegistryOptions registry;
};

/// As in oras, --plain-http speaks of both ends, and two more flags of one each.
RegistryOptions for_end(const RegistryOptions& options, bool plain_http) {
    RegistryOptions changed = options;
    changed.store.plain_http = options.store.plain_http || plain_http;
    return changed;
}

CommandResult run(const Arguments& arguments) {
    ECC_TRY(auto from, open_store(arguments.source, for_end(arguments.registry, arguments.source_plain_http),
                                  Access::pull));
    ECC_TRY(auto to, open_store(arguments.target, for_end(arguments.registry, arguments.target_plain_http),
                                Access::push));
    if (to.reference.selector().empty())
        to.reference.tag = from.reference.tag;
    if (from.platform) {
        ECC_TRY(const auto chosen, fetch_manifest(from));
        from.reference = from.reference.at(chosen.descriptor().digest);
    }
    ECC_TRY(auto root, with_progress("copying " + from.reference.text(), [&](const Progress& progress) {
                return copy(*from.store, from.reference, *to.store, to.reference,
                            {.referrers = arguments.recursive,
                             .concurrency = arguments.registry.concurrency,
                             .progress = progress,
                             .notice = arguments.registry.store.notice});
            }));
    ECC_CHECK(to.store->finish());
    Reference pinned = to.reference;
    pinned.digest = root.digest;
    if (arguments.registry.json)
        print_to(stdout, "{}\n", json_text(described(to.reference, root)));
    else
        print_to(stdout, "{}\n", pinned.text());
    return 0;
}

} // namespace

CommandBody define_cp(CLI::App& app, const Diagnostics& diagnostics) {
    auto arguments = std::make_shared<Arguments>();
    app.add_option("SOURCE", arguments->source, reference_forms)->required();
    app.add_option("TARGET", arguments->target, reference_forms)->required();
    app.add_flag("-r,--recursive", arguments->recursive, "also copy what refers to it");
    app.add_flag("--from-plain-http", arguments->source_plain_http, "--plain-http for SOURCE only");
    app.add_flag("--to-plain-http", arguments->target_plain_http, "--plain-http for TARGET only");
    add_platform(app, arguments->registry);
    add_concurrency(app, arguments->registry);
    add_registry_options(app, arguments->registry, diagnostics);
    app.footer(explanation);
    return [arguments] { return run(*arguments); };
}

} // namespace ecc
