// `ecc sign` and `ecc verify`: signatures that cosign makes and checks, too.

#include "packager/oci/signature.h"

#include "compiler/commands/key_files.h"
#include "compiler/commands/registry_options.h"
#include "compiler/record/predicates.h"
#include "packager/json.h"
#include "packager/oci/attestation.h"
#include "support/completion.h"
#include "support/near_names.h"
#include "support/output.h"

namespace ecc {
namespace {

constexpr const char* sign_explanation = R"(
Signs what REF names now and stores the signature beside it, as cosign does. The key is PKCS#8 in PEM, or a file of cosign's, whose
password COSIGN_PASSWORD holds or the terminal is asked for. What the key signed before is not signed again.

  openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out key.pem
  openssl pkey -in key.pem -pubout -out key.pub
  ecc sign --key key.pem ghcr.io/me/opensnoop:1
  cosign verify --key key.pub --insecure-ignore-tlog=true ghcr.io/me/opensnoop:1)";

constexpr const char* verify_explanation = R"(
Checks that what REF names was signed with the private half of the key, by `ecc sign` or `cosign sign`, and prints the reference
with the digest that was signed. Use that from there on: a tag may move.

  ecc verify --key key.pub ghcr.io/me/opensnoop:1
  ecc verify --key key.pub --type cyclonedx ghcr.io/me/opensnoop:1    prints what `ecc attest` or `cosign attest` stated
  ecc run --verify-key key.pub ghcr.io/me/opensnoop:1)";

struct Arguments {
    std::string reference;
    std::string key;
    bool legacy = false;
    std::optional<std::string> type;
    RegistryOptions registry;
};

const char* name_of(SignatureKind kind) {
    return kind == SignatureKind::bundle ? "bundle" : "legacy";
}

CommandResult run_sign(const Arguments& arguments) {
    ECC_TRY(auto key, load_private_key(arguments.key));
    ECC_TRY(auto opened, open_store(arguments.reference, arguments.registry, Access::push));
    const SignatureKind kind = arguments.legacy ? SignatureKind::legacy : SignatureKind::bundle;
    ECC_TRY(auto signature, sign(*opened.store, opened.reference, key, kind));
    ECC_CHECK(opened.store->finish());
    const Reference pinned = opened.reference.at(signature.digest);
    if (arguments.registry.json)
        print_to(stdout, "{}\n", json_text(described(pinned, signature)));
    else
        print_to(stdout, "{}\n", pinned.text());
    return 0;
}

/// Prints the statements of one type.
Result<void> verify_type(const Arguments& arguments, OpenStore& opened, const PublicKey& key) {
    ECC_TRY(const auto type, predicate_type_uri(*arguments.type));
    ECC_TRY(const auto verified, verify_attestations(*opened.store, opened.reference, key, type));
    auto document = described(opened.reference.at(verified.manifest.digest), verified.manifest);
    document["type"] = type;
    for (const VerifiedAttestation& attestation : verified.attestations) {
        if (!arguments.registry.json)
            print_to(stdout, "{}\n", attestation.predicate);
        document["attestations"].push_back(
            {{"digest", attestation.digest},
             {"predicate", parse_json(attestation.predicate, JsonNames::data)}});
    }
    if (arguments.registry.json)
        print_to(stdout, "{}\n", json_text(document));
    return {};
}

CommandResult run_verify(const Arguments& arguments) {
    ECC_TRY(auto key, load_public_key(arguments.key));
    ECC_TRY(auto opened, open_store(arguments.reference, arguments.registry, Access::pull));
    if (arguments.type) {
        ECC_CHECK(verify_type(arguments, opened, key));
        return 0;
    }
    const Wanted wanted = arguments.registry.json ? Wanted::all_signatures : Wanted::one_signature;
    ECC_TRY(auto verified, verify(*opened.store, opened.reference, key, wanted));
    const Reference pinned = opened.reference.at(verified.manifest.digest);
    if (!arguments.registry.json) {
        print_to(stdout, "{}\n", pinned.text());
        return 0;
    }
    auto document = described(pinned, verified.manifest);
    for (const VerifiedSignature& signature : verified.signatures)
        document["signatures"].push_back({{"kind", name_of(signature.kind)}, {"digest", signature.digest}});
    print_to(stdout, "{}\n", json_text(document));
    return 0;
}

} // namespace

CommandBody define_sign(CLI::App& app, const Diagnostics& diagnostics) {
    auto arguments = std::make_shared<Arguments>();
    app.add_option("REF", arguments->reference, reference_forms)->required();
    app.add_option("--key", arguments->key, "the private key")->type_name("PEM")->required();
    app.add_flag("--legacy", arguments->legacy,
                 "store it as cosign before 3 did: under the tag sha256-HEX.sig");
    add_registry_options(app, arguments->registry, diagnostics);
    app.footer(sign_explanation);
    return [arguments] { return run_sign(*arguments); };
}

CommandBody define_verify(CLI::App& app, const Diagnostics& diagnostics) {
    auto arguments = std::make_shared<Arguments>();
    app.add_option("REF", arguments->reference, reference_forms)->required();
    app.add_option("--key", arguments->key, "the public key")->type_name("PEM")->required();
    app.add_option("--type", arguments->type, "check statements of this type instead and print them")
        ->type_name(type_of_choices(names_in(predicate_types, &PredicateType::name)) + "|URI");
    add_registry_options(app, arguments->registry, diagnostics);
    app.footer(verify_explanation);
    return [arguments] { return run_verify(*arguments); };
}

} // namespace ecc
