#include "compiler/kubernetes/daemon_set.h"

#include "compiler/kubernetes/yaml.h"
#include "support/letter_case.h"

#include <algorithm>
#include <fmt/format.h>

namespace ecc {
namespace {

using Json = nlohmann::ordered_json;
using nlohmann::json;

constexpr std::size_t label_limit = 63;
constexpr std::uint64_t mebi = 1u << 20;
constexpr std::uint64_t runtime_memory = 64; ///< MiB that ecc-run takes at most besides maps

/// What the package needs of a node.
struct Needs {
    std::vector<std::string> capabilities; ///< without CAP_
    bool tracefs = false;
    bool bpf_file_system = false;
    bool host_network = false;
    bool host_processes = false;
    std::uint64_t map_bytes = 0;
};

bool is_of_network(const std::string& type) {
    constexpr std::array types = {"xdp", "sched_cls", "sched_act", "netfilter"};
    return std::ranges::find(types, type) != types.end();
}

void add_program(Needs& needs, const std::string& type, const std::string& section) {
    const bool several =
        section.find(".multi") != section.npos && section.find_first_of("*?", 1) != section.npos;
    needs.tracefs |= type == "tracepoint" || (several && section.find("kprobe") == 0);
    needs.host_network |= is_of_network(type);
    // What they name is a file of the host's, seen through /proc/1/root.
    needs.host_processes |= section.starts_with("u");
}

Needs needs_of(const json& explanation) {
    Needs needs;
    for (const std::string name : explanation.at("capabilities"))
        needs.capabilities.push_back(name.substr(name.starts_with("CAP_") ? 4 : 0));
    for (const json& object : explanation.at("objects")) {
        for (const json& program : object.at("programs"))
            add_program(needs, program.at("type"), program.at("section"));
        for (const json& map : object.at("maps")) {
            needs.map_bytes += map.at("bytes").get<std::uint64_t>();
            needs.bpf_file_system |= map.at("pinned").get<bool>();
        }
    }
    return needs;
}

std::string dashed(std::string name) {
    std::ranges::replace(name, '_', '-');
    return name;
}

std::string variable_of(const DaemonSetting& setting) {
    std::string name = setting.name;
    std::ranges::transform(name, name.begin(),
                           [](char c) { return c >= 'a' && c <= 'z' ? char(c - 32) : c; });
    return name;
}

Json metadata(const DaemonSetOptions& options) {
    Json data = {{"name", options.name}};
    if (!options.space.empty())
        data["namespace"] = options.space;
    data["labels"] = {{"app.kubernetes.io/name", options.name}};
    return data;
}

Json config_map(const DaemonSetOptions& options) {
    Json data = Json::object();
    for (const DaemonSetting& setting : options.settings)
        data[dashed(setting.name)] = setting.value;
    return {{"apiVersion", "v1"}, {"kind", "ConfigMap"}, {"metadata", metadata(options)}, {"data", data}};
}

Json environment(const DaemonSetOptions& options) {
    Json list = Json::array();
    for (const DaemonSetting& setting : options.settings) {
        const Json key = {{"name", options.name}, {"key", dashed(setting.name)}};
        list.push_back({{"name", variable_of(setting)}, {"valueFrom", {{"configMapKeyRef", key}}}});
    }
    return list;
}

/// A word that the kubelet, which replaces $(NAME) and $$, makes itself again.
std::string unexpanded(const std::string& word) {
    std::string text;
    for (const char c : word)
        text += c == '$' ? "$$" : std::string(1, c);
    return text;
}

/// The root file system is read-only, so compiled code is not kept.
Json arguments(const DaemonSetOptions& options) {
    Json list = {"--no-cache"};
    for (const std::string& word : options.runner)
        list.push_back(unexpanded(word));
    list.push_back("--");
    for (const DaemonSetting& setting : options.settings)
        list.push_back(fmt::format("--{}=$({})", dashed(setting.name), variable_of(setting)));
    for (const std::string& word : options.arguments)
        list.push_back(unexpanded(word));
    return list;
}

Json security_context(const Needs& needs, const DaemonSetOptions& options) {
    const auto has = [&](const char* name) {
        return std::ranges::find(needs.capabilities, name) != needs.capabilities.end();
    };
    return {{"runAsUser", 0},
            {"readOnlyRootFilesystem", true},
            // The API server refuses false beside CAP_SYS_ADMIN.
            {"allowPrivilegeEscalation", has("SYS_ADMIN")},
            {"capabilities", {{"drop", {"ALL"}}, {"add", needs.capabilities}}},
            {"seccompProfile", {{"type", options.seccomp}}}};
}

struct HostFolder {
    const char* name;
    const char* path;
    bool Needs::* needed;
    bool read_only;
};

// BTF is in sysfs, which every container has; these are file systems of their own.
constexpr std::array host_folders = {
    HostFolder{"tracefs", "/sys/kernel/tracing", &Needs::tracefs, true},
    HostFolder{"bpf", "/sys/fs/bpf", &Needs::bpf_file_system, false},
};

Json mounts(const Needs& needs) {
    Json list = Json::array();
    for (const HostFolder& folder : host_folders)
        if (needs.*folder.needed)
            list.push_back(
                {{"name", folder.name}, {"mountPath", folder.path}, {"readOnly", folder.read_only}});
    return list;
}

Json volumes(const Needs& needs) {
    Json list = Json::array();
    for (const HostFolder& folder : host_folders)
        if (needs.*folder.needed)
            list.push_back(
                {{"name", folder.name}, {"hostPath", {{"path", folder.path}, {"type", "Directory"}}}});
    return list;
}

Json container(const Needs& needs, const DaemonSetOptions& options) {
    const std::string memory = fmt::format("{}Mi", runtime_memory + (needs.map_bytes + mebi - 1) / mebi);
    Json value = {{"name", options.name}, {"image", options.image}, {"args", arguments(options)}};
    if (!options.settings.empty())
        value["env"] = environment(options);
    value["securityContext"] = security_context(needs, options);
    value["resources"] = {{"requests", {{"cpu", "10m"}, {"memory", memory}}},
                          {"limits", {{"memory", memory}}}};
    if (const Json list = mounts(needs); !list.empty())
        value["volumeMounts"] = list;
    return value;
}

/// A label's value can be required to be one of several only here.
Json nodes_of(const DaemonSetOptions& options) {
    const Json choice = {
        {"key", "kubernetes.io/arch"}, {"operator", "In"}, {"values", options.architectures}};
    const Json terms = Json::array({{{"matchExpressions", Json::array({choice})}}});
    return {{"requiredDuringSchedulingIgnoredDuringExecution", {{"nodeSelectorTerms", terms}}}};
}

Json pod(const Needs& needs, const DaemonSetOptions& options) {
    Json spec = {{"automountServiceAccountToken", false}, {"enableServiceLinks", false}};
    if (needs.host_processes)
        spec["hostPID"] = true;
    if (needs.host_network)
        spec["hostNetwork"] = true;
    spec["nodeSelector"] = {{"kubernetes.io/os", "linux"}};
    spec["affinity"] = {{"nodeAffinity", nodes_of(options)}};
    spec["tolerations"] = Json::array({{{"operator", "Exists"}}}); // every node
    spec["containers"] = Json::array({container(needs, options)});
    if (const Json list = volumes(needs); !list.empty())
        spec["volumes"] = list;
    return spec;
}

Json daemon_set_object(const Needs& needs, const DaemonSetOptions& options) {
    const Json labels = {{"app.kubernetes.io/name", options.name}};
    const Json spec = {{"selector", {{"matchLabels", labels}}},
                       {"template", {{"metadata", {{"labels", labels}}}, {"spec", pod(needs, options)}}}};
    return {
        {"apiVersion", "apps/v1"}, {"kind", "DaemonSet"}, {"metadata", metadata(options)}, {"spec", spec}};
}

Result<void> check_allowed(const json& explanation) {
    if (explanation.at("allowed").get<bool>())
        return {};
    for (const json& request : explanation.at("requests"))
        if (!request.at("allowed").get<bool>())
            return input_error(explanation.at("name"), request.at("reason"),
                               "add " + request.at("flag").get<std::string>());
    return input_error(explanation.at("name"), explanation.at("obstacle"));
}

} // namespace

std::string dns_label(const std::string& text) {
    std::string label;
    for (const char c : text.substr(0, label_limit)) {
        const char lower = lower_case(c);
        const bool fits = (lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9');
        if (fits || !label.empty())
            label += fits ? lower : '-';
    }
    label.resize(label.find_last_not_of('-') + 1);
    return label.empty() ? "package" : label;
}

Result<std::string> daemon_set(const json& explanation, const DaemonSetOptions& options) {
    try {
        ECC_CHECK(check_allowed(explanation));
        const std::string set = to_yaml(daemon_set_object(needs_of(explanation), options));
        return options.settings.empty() ? set : to_yaml(config_map(options)) + "---\n" + set;
    } catch (const json::exception& error) {
        return environment_error("ecc-run --explain",
                                 fmt::format("says something unexpected: {}", error.what()),
                                 "install ecc-run of the same version beside ecc");
    }
}

} // namespace ecc
