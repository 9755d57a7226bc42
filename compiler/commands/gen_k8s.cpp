// `ecc gen k8s FILE|REF`: what starts a package on every node of a Kubernetes cluster.

#include "compiler/commands/gen_k8s.h"

#include "compiler/architecture.h"
#include "compiler/commands/key_files.h"
#include "compiler/commands/node_image.h"
#include "compiler/commands/registry_options.h"
#include "compiler/commands/runner.h"
#include "compiler/guest/tool.h"
#include "compiler/kubernetes/daemon_set.h"
#include "packager/json.h"
#include "packager/package/package.h"
#include "packager/package/permission_words.h"
#include "skelgen/bpf_object.h"
#include "support/completion.h"
#include "support/digest.h"
#include "support/files.h"
#include "support/near_names.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <fmt/format.h>

namespace ecc {
namespace {

constexpr const char* explanation_of_options = R"(
Prints a DaemonSet that runs the image of format `container` on every node with the capabilities and host folders that the
package's programs need and no others, and a ConfigMap for the settings of a generated user part.

  ecc push opensnoop.wasm ghcr.io/me/opensnoop:1 --format wasm,container
  ecc gen k8s ghcr.io/me/opensnoop:1 -- --json | kubectl apply -f -
  ecc gen k8s ghcr.io/me/opensnoop:1 --verify-key key.pub | kubectl apply -f -
  ecc gen k8s xdp-count.wasm --image ghcr.io/me/xdp-count:1-container --allow act -- eth0

The image is named by its digest, so nodes run what was looked at here, whoever moves the tag; it must hold the very package. With
--verify-key package and image must be signed, too (`ecc sign` each). Only --image without that key is printed as it is.

Capabilities are those that `ecc-run --explain` names on this machine. The default seccomp profiles of containerd from 1.7 and Docker
from 23 let bpf(2) through with CAP_BPF; older ones, CRI-O's and podman's need --seccomp Unconfined.)";

constexpr std::string_view image_suffix = "-container"; // what `ecc push --format wasm,container` appends

struct K8sArguments {
    std::string source;
    std::string image, name;
    std::string space; ///< the namespace
    std::string seccomp = "RuntimeDefault";
    std::string key; ///< file of a public key
    std::vector<std::string> allow;
    std::vector<std::string> words; ///< for the program itself
    StoreOptions store;
};

struct Loaded {
    Bytes bytes;
    NodeImage image;
};

/// The image that was pushed together with the package.
Result<Reference> image_beside(const PackageSource& source) {
    if (!source.reference || source.reference->is_layout() || source.reference->tag.empty())
        return usage_error("nothing tells which image a cluster finds", "name it: --image HOST/NAME:TAG");
    return source.reference->tagged(source.reference->tag + std::string(image_suffix));
}

Result<NodeImage> choose_image(const K8sArguments& arguments, const PackageSource& source,
                               const std::optional<PublicKey>& key, const std::string& package_digest) {
    if (!arguments.image.empty() && !key) // it may be in reach of the cluster alone
        return NodeImage{arguments.image, {std::string(host_architecture().oci)}};
    ECC_TRY(const Reference reference,
            arguments.image.empty() ? image_beside(source) : parse_reference(arguments.image));
    auto image = find_node_image(reference, arguments.store, key, package_digest);
    if (!image && !key && image.error().fault == Fault::input)
        image.error().hint = "push it with --format wasm,container, or name one with --image";
    return image;
}

Result<Bytes> load_package(const PackageSource& source, const K8sArguments& arguments,
                           const std::optional<PublicKey>& key) {
    if (!source.reference)
        return read_file(source.text);
    ECC_TRY(const OpenArtifact artifact, open_artifact(*source.reference, arguments.store, key));
    return download(artifact);
}

Result<Loaded> load(const K8sArguments& arguments) {
    ECC_TRY(const PackageSource source, find_package_source(arguments.source));
    ECC_TRY(const auto key, load_optional_key(arguments.key));
    if (arguments.image.empty())
        ECC_CHECK(image_beside(source));
    Loaded loaded;
    ECC_TRY(loaded.bytes, load_package(source, arguments, key));
    ECC_TRY(loaded.image, choose_image(arguments, source, key, sha256_digest(loaded.bytes)));
    return loaded;
}

/// Nothing for what is neither a number nor a truth value.
std::optional<std::string> initial_value(const ManifestSetting& setting, const BpfObject& object) {
    const auto section = std::ranges::find(object.data_sections, setting.section, &DataSection::name);
    if (section == object.data_sections.end() || setting.size == 0 || setting.size > sizeof(std::uint64_t) ||
        !std::has_single_bit(setting.size) || setting.offset > section->initial.size() ||
        section->initial.size() - setting.offset < setting.size)
        return std::nullopt;
    std::uint64_t bits = 0;
    std::memcpy(&bits, section->initial.data() + setting.offset, setting.size);
    if (setting.type == "bool")
        return bits != 0 ? "true" : "false";
    if (setting.type.starts_with("uint"))
        return std::to_string(bits);
    if (!setting.type.starts_with("int"))
        return std::nullopt;
    const unsigned unused = 64 - 8 * setting.size;
    return std::to_string(static_cast<std::int64_t>(bits << unused) >> unused);
}

/// A user part that somebody wrote reads its settings in its own way.
bool has_generated_user_part(const Manifest& manifest) {
    return std::ranges::all_of(manifest.build.inputs,
                               [](const ManifestInput& input) { return input.path.ends_with(".bpf.c"); });
}

Result<std::vector<DaemonSetting>> settings_of(const Package& package, const std::string& where) {
    std::vector<DaemonSetting> settings;
    if (!has_generated_user_part(package.manifest) || package.objects.empty())
        return settings;
    ECC_TRY(const BpfObject object,
            read_bpf_object(package.objects.front().name, package.objects.front().elf, where));
    for (const ManifestSetting& setting : package.manifest.settings)
        if (const auto value = initial_value(setting, object))
            settings.push_back({setting.name, *value});
    return settings;
}

std::vector<std::string> runner_options(const K8sArguments& arguments) {
    std::vector<std::string> options;
    for (const std::string& permission : arguments.allow)
        options.insert(options.end(), {"--allow", permission});
    return options;
}

/// What ecc-run says of the package, without running it.
Result<nlohmann::json> explain(const Bytes& package, const K8sArguments& arguments) {
    ECC_TRY(const std::filesystem::path runner, find_runner());
    ECC_TRY(const TempDir folder, TempDir::make());
    const std::filesystem::path file = folder.path() / "package.wasm";
    ECC_CHECK(write_file(file, package));
    ToolRun run{{runner.string(), "--explain", "--json"}, folder.path(), {}};
    std::ranges::copy(runner_options(arguments), std::back_inserter(run.arguments));
    run.arguments.push_back(file.string());
    ECC_TRY(const ToolAnswer answer, run_tool(run, "install ecc-run beside ecc"));
    auto explanation = parse_json(answer.output);
    if (!explanation.is_object())
        return input_error(arguments.source, "ecc-run does not accept it; its messages are above");
    return explanation;
}

/// Kubernetes would refuse them, or read more than one value.
Result<void> check_names(const K8sArguments& arguments) {
    if (std::ranges::any_of(arguments.image, [](char c) { return c <= ' ' || c > '~'; }))
        return usage_error("--image has a character that no image's name has", "write HOST/NAME:TAG");
    if (!arguments.space.empty() && dns_label(arguments.space) != arguments.space)
        return usage_error(fmt::format("\"{}\" is no name of a namespace", arguments.space),
                           "use up to 63 small letters, digits and -");
    return {};
}

Result<std::string> generate_k8s(const K8sArguments& arguments) {
    ECC_CHECK(check_names(arguments));
    ECC_TRY(const Loaded loaded, load(arguments));
    ECC_TRY(const Package package, read_package(loaded.bytes, arguments.source));
    ECC_TRY(const auto explanation, explain(loaded.bytes, arguments));
    DaemonSetOptions options{.name =
                                 dns_label(arguments.name.empty() ? package.manifest.name : arguments.name),
                             .space = arguments.space,
                             .image = loaded.image.reference,
                             .architectures = loaded.image.architectures,
                             .seccomp = arguments.seccomp,
                             .runner = runner_options(arguments),
                             .arguments = arguments.words,
                             .settings = {}};
    ECC_TRY(options.settings, settings_of(package, arguments.source));
    return daemon_set(explanation, options);
}

CommandResult run(const K8sArguments& arguments) {
    ECC_TRY(const std::string text, generate_k8s(arguments));
    ECC_CHECK(write_file("-", as_bytes(text)));
    return 0;
}

} // namespace

CommandBody define_gen_k8s(CLI::App& app, const Diagnostics& diagnostics) {
    auto arguments = std::make_shared<K8sArguments>();
    app.add_option("FILE|REF", arguments->source, "a package, or HOST/NAME:TAG")->required();
    app.add_option("ARGUMENT", arguments->words, "for the program itself, after --");
    app.add_option("--image", arguments->image, "the image; default: REF-container, by its digest")
        ->type_name("IMAGE");
    app.add_option("--verify-key", arguments->key,
                   "only if package and image are signed with this key's private half")
        ->type_name("PEM");
    app.add_option("--name", arguments->name, "of the objects; default: the package's")->type_name("NAME");
    app.add_option("-n,--namespace", arguments->space, "where they belong")->type_name("NAME");
    app.add_option("--allow", arguments->allow, "permit something, as ecc-run does")
        ->type_name(type_of_choices(names_in(permission_words)))
        ->allow_extra_args(false);
    app.add_option("--seccomp", arguments->seccomp, "the profile of system calls")
        ->check(CLI::IsMember({"RuntimeDefault", "Unconfined"}))
        ->capture_default_str();
    add_connection_options(app, arguments->store, diagnostics);
    app.footer(explanation_of_options);
    return [arguments] { return run(*arguments); };
}

} // namespace ecc
