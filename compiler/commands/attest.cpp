// `ecc attest REF`: signed statements about an artifact, beside it.

#include "compiler/commands/attestations.h"
#include "compiler/commands/key_files.h"
#include "compiler/commands/registry_options.h"
#include "compiler/record/predicates.h"
#include "packager/json.h"
#include "packager/oci/artifact_module.h"
#include "packager/oci/bundle_referrers.h"
#include "support/completion.h"
#include "support/files.h"
#include "support/near_names.h"
#include "support/output.h"

namespace ecc {
namespace {

constexpr const char* explanation = R"(
Signs statements about what REF names and stores them beside it, as cosign does; `ecc verify --type` and `cosign
verify-attestation` check them. --record makes three from what `ecc build --record` wrote: a bill of materials
(cyclonedx), provenance (slsaprovenance1) and the log (buildlog). --predicate signs a document of your own.

  ecc opensnoop.bpf.c --record opensnoop.build.json
  ecc attest --key key.pem --record opensnoop.build.json ghcr.io/me/opensnoop:1
  ecc attest --key key.pem --type openvex --predicate vex.json ghcr.io/me/opensnoop:1
  ecc verify --key key.pub --type cyclonedx ghcr.io/me/opensnoop:1
  cosign verify-attestation --key key.pub --type cyclonedx --insecure-ignore-tlog=true ghcr.io/me/opensnoop:1)";

struct Arguments {
    std::string reference;
    AttestOptions attest;
    std::string type;
    std::string predicate;
    RegistryOptions registry;
};

Result<void> check(const Arguments& arguments) {
    const bool own = !arguments.predicate.empty();
    if (own == !arguments.attest.record.empty())
        return usage_error("exactly one of --record and --predicate says what to state");
    if (own == arguments.type.empty())
        return usage_error("--type goes with --predicate: it is the document's");
    return {};
}

Result<std::vector<StoredAttestation>> attest_record(OpenStore& opened, const Arguments& arguments,
                                                     const PrivateKey& key) {
    ECC_TRY(const auto found, find_artifact(*opened.store, opened.reference));
    ECC_TRY(const auto digest, module_digest(*opened.store, opened.reference, found));
    ECC_TRY(const auto record, load_build_record(arguments.attest.record, digest));
    return attest_build(*opened.store, opened.reference, found, record, key, arguments.attest.builder);
}

Result<std::vector<StoredAttestation>> attest_document(OpenStore& opened, const Arguments& arguments,
                                                       const PrivateKey& key) {
    ECC_TRY(const auto type, predicate_type_uri(arguments.type));
    ECC_TRY(const auto document, read_file(arguments.predicate, max_bundle_size));
    ECC_TRY(const auto subject, fetch_manifest(*opened.store, opened.reference));
    auto stored =
        push_bundle(*opened.store, opened.reference, subject.descriptor(), key, type, as_text(document));
    if (!stored && stored.error().where.empty())
        stored.error().where = arguments.predicate;
    ECC_CHECK(stored);
    return std::vector{StoredAttestation{type, std::move(*stored)}};
}

void print(const Arguments& arguments, const Reference& place, const std::vector<StoredAttestation>& all) {
    auto list = nlohmann::json::array();
    for (const StoredAttestation& stored : all) {
        auto entry = described(place.at(stored.manifest.digest), stored.manifest);
        entry["type"] = stored.type;
        list.push_back(std::move(entry));
        if (!arguments.registry.json)
            print_to(stdout, "{}  {}\n", place.at(stored.manifest.digest).text(), stored.type);
    }
    if (arguments.registry.json)
        print_to(stdout, "{}\n", json_text({{"attestations", std::move(list)}}));
}

CommandResult run(const Arguments& arguments) {
    ECC_CHECK(check(arguments));
    ECC_TRY(const auto key, load_private_key(arguments.attest.key));
    ECC_TRY(auto opened, open_store(arguments.reference, arguments.registry, Access::push));
    ECC_TRY(const auto stored, arguments.predicate.empty() ? attest_record(opened, arguments, key)
                                                           : attest_document(opened, arguments, key));
    ECC_CHECK(opened.store->finish());
    print(arguments, opened.reference, stored);
    return 0;
}

} // namespace

CommandBody define_attest(CLI::App& app, const Diagnostics& diagnostics) {
    auto arguments = std::make_shared<Arguments>();
    app.add_option("REF", arguments->reference, reference_forms)->required();
    app.add_option("--key", arguments->attest.key, "the private key")->type_name("PEM")->required();
    app.add_option("--record", arguments->attest.record, "what `ecc build --record` wrote")
        ->type_name("FILE");
    app.add_option("--predicate", arguments->predicate, "a JSON document to sign instead")->type_name("FILE");
    app.add_option("--type", arguments->type, "the document's type")
        ->type_name(type_of_choices(names_in(predicate_types, &PredicateType::name)) + "|URI");
    add_builder_option(app, arguments->attest);
    add_registry_options(app, arguments->registry, diagnostics);
    app.footer(explanation);
    return [arguments] { return run(*arguments); };
}

} // namespace ecc
