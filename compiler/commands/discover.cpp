// `ecc discover REF`: what refers to an artifact.

#include "compiler/commands/registry_options.h"
#include "packager/json.h"
#include "packager/oci/bundle_referrers.h"
#include "support/output.h"

#include <fmt/format.h>

namespace ecc {
namespace {

constexpr int max_depth = 8;
constexpr std::size_t max_shown = 10'000;

constexpr const char* explanation = R"(
Shows what refers to an artifact, and what refers to that: signatures, documents, attestations. `ecc manifest fetch` prints what
one of them holds, `ecc blob fetch` fetches that.

  ecc discover ghcr.io/me/opensnoop:1
  ecc discover ghcr.io/me/opensnoop:1 --artifact-type application/spdx+json --json)";

struct Arguments {
    std::string reference;
    std::string type;
    RegistryOptions registry;
};

struct Referrer {
    Descriptor manifest;
    std::vector<Referrer> referrers;
};

class Discovery {
public:
    explicit Discovery(Store& store) : store_(store) {}

    Result<std::vector<Referrer>> referrers_of(const std::string& digest, const std::string& type,
                                               int depth = 0) {
        std::vector<Referrer> found;
        if (depth == max_depth)
            return found;
        ECC_TRY(auto manifests, store_.referrers(digest));
        for (Descriptor& manifest : manifests) {
            if (!type.empty() && manifest.artifact_type != type)
                continue;
            if (++count_ > max_shown)
                return input_error(digest, "has more referrers than can be shown", "name an --artifact-type");
            ECC_TRY(auto children, referrers_of(manifest.digest, "", depth + 1));
            found.push_back({std::move(manifest), std::move(children)});
        }
        return found;
    }

private:
    Store& store_;
    std::size_t count_ = 0;
};

/// All signatures and attestations have one type; what they state is in an annotation.
std::string kind_of(const Descriptor& manifest) {
    const auto predicate = manifest.annotations.find(predicate_type_annotation);
    const std::string& type = manifest.artifact_type.empty() ? manifest.media_type : manifest.artifact_type;
    return predicate == manifest.annotations.end() ? type : fmt::format("{}  {}", type, predicate->second);
}

void print_tree(const std::vector<Referrer>& referrers, const std::string& indent) {
    for (const Referrer& referrer : referrers) {
        const bool last = &referrer == &referrers.back();
        print_to(stdout, "{}{} {}  {}\n", indent, last ? "└──" : "├──", referrer.manifest.digest,
                 printable_line(kind_of(referrer.manifest)));
        print_tree(referrer.referrers, indent + (last ? "    " : "│   "));
    }
}

nlohmann::json to_json(const Reference& place, const std::vector<Referrer>& referrers) {
    auto list = nlohmann::json::array();
    for (const Referrer& referrer : referrers) {
        auto entry = descriptor_to_json(referrer.manifest);
        entry["reference"] = place.at(referrer.manifest.digest).text();
        entry["referrers"] = to_json(place, referrer.referrers);
        list.push_back(std::move(entry));
    }
    return list;
}

CommandResult run(const Arguments& arguments) {
    ECC_TRY(auto opened, open_store(arguments.reference, arguments.registry, Access::pull));
    ECC_TRY(auto subject, fetch_manifest(opened));
    const Descriptor descriptor = subject.descriptor();
    ECC_TRY(auto referrers, Discovery(*opened.store).referrers_of(descriptor.digest, arguments.type));
    const Reference pinned = opened.reference.at(descriptor.digest);
    if (arguments.registry.json) {
        auto document = described(pinned, descriptor);
        document["referrers"] = to_json(opened.reference, referrers);
        print_to(stdout, "{}\n", json_text(document));
        return 0;
    }
    print_to(stdout, "{}\n", pinned.text());
    print_tree(referrers, "");
    return 0;
}

} // namespace

CommandBody define_discover(CLI::App& app, const Diagnostics& diagnostics) {
    auto arguments = std::make_shared<Arguments>();
    app.add_option("REF", arguments->reference, reference_forms)->required();
    app.add_option("--artifact-type", arguments->type, "only what is of this type")->type_name("TYPE");
    add_platform(app, arguments->registry);
    add_registry_options(app, arguments->registry, diagnostics);
    app.footer(explanation);
    return [arguments] { return run(*arguments); };
}

} // namespace ecc
