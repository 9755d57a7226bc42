#include "compiler/record/predicates.h"

#include "packager/json.h"
#include "packager/oci/source_date.h"

#include <algorithm>
#include <fmt/format.h>

namespace ecc {
namespace {

using nlohmann::json;

std::string hex_of(const std::string& digest) {
    return digest.substr(digest.find(':') + 1);
}

json hashes_of(const std::string& digest) {
    return json::array({{{"alg", "SHA-256"}, {"content", hex_of(digest)}}});
}

json file_component(const RecordedFile& file) {
    return {{"type", "file"}, {"name", file.name}, {"hashes", hashes_of(file.digest)}};
}

json listed_component(const RecordedComponent& component) {
    json listed = {{"type", component.program ? "application" : "library"},
                   {"bom-ref", component.name},
                   {"name", component.name},
                   {"components", json::array()}};
    if (!component.license.empty())
        listed["licenses"] = json::array({{{"expression", component.license}}});
    if (!component.version.empty())
        listed["version"] = component.version;
    if (!component.purl.empty())
        listed["purl"] = component.purl;
    for (const RecordedFile& file : component.files)
        listed["components"].push_back(file_component(file));
    return listed;
}

json tool(const char* name, const std::string& version) {
    return {{"type", "application"}, {"name", name}, {"version", version}};
}

json resource(const std::string& name, const std::string& digest) {
    return {{"name", name}, {"digest", {{"sha256", hex_of(digest)}}}};
}

/// "git+https://HOST/PATH@REF" (SPDX's spelling, which SLSA's build types use); empty without a public
/// address.
std::string uri_of(const RecordedCheckout& checkout) {
    if (checkout.url.empty())
        return {};
    const bool clean = checkout.state == CheckoutState::clean;
    const std::string& version = checkout.ref.empty() && clean ? checkout.commit : checkout.ref;
    return "git+" + checkout.url + (version.empty() ? "" : "@" + version);
}

/// Only files that are as the commit has them are said to be the commit.
json source_of(const RecordedCheckout& checkout) {
    json source = json::object();
    if (const std::string uri = uri_of(checkout); !uri.empty())
        source["uri"] = uri;
    if (checkout.state == CheckoutState::clean)
        source["digest"] = {{"gitCommit", checkout.commit}};
    else if (!checkout.commit.empty())
        source["annotations"] = {
            {"basedOn", checkout.commit},
            {"state", checkout.state == CheckoutState::modified ? "modified" : "unknown"}};
    return source;
}

/// Everything that was read, a component's files with its name in front.
json resolved_dependencies(const BuildRecord& record) {
    json all = json::array();
    if (json source = source_of(record.checkout); source.contains("uri") || source.contains("digest"))
        all.push_back(std::move(source));
    for (const RecordedFile& source : record.sources)
        all.push_back(resource(source.name, source.digest));
    for (const RecordedComponent& component : record.components)
        for (const RecordedFile& file : component.files)
            all.push_back(resource(component.name + "/" + file.name, file.digest));
    if (!record.btf_digest.empty())
        all.push_back(resource("kernel BTF", record.btf_digest));
    return all;
}

} // namespace

Result<std::string> predicate_type_uri(const std::string& name) {
    const auto known = std::ranges::find(predicate_types, name, &PredicateType::name);
    if (known != predicate_types.end())
        return std::string(known->uri);
    if (name.find(':') != name.npos && name.find_first_of(" \t\n\"") == name.npos)
        return name;
    std::string names;
    for (const PredicateType& type : predicate_types)
        names += fmt::format("{}{}", names.empty() ? "" : ", ", type.name);
    return usage_error(fmt::format("--type {}: no such type", name), "one of " + names + ", or a URI");
}

std::string software_bill_of_materials(const BuildRecord& record) {
    json components = json::array(), names = json::array();
    for (const RecordedComponent& component : record.components) {
        components.push_back(listed_component(component));
        names.push_back(component.name);
    }
    for (const RecordedFile& source : record.sources)
        components.push_back(file_component(source));
    const json package = {{"type", "application"},
                          {"bom-ref", "package"},
                          {"name", record.package.name},
                          {"hashes", hashes_of(record.package.digest)}};
    const json tools = {tool("ecc", record.tool), tool("LLVM", record.llvm), tool("libbpf", record.libbpf)};
    return json_text(
        {{"bomFormat", "CycloneDX"},
         {"specVersion", "1.5"},
         {"version", 1},
         {"metadata", {{"component", package}, {"tools", {{"components", tools}}}}},
         {"components", std::move(components)},
         {"dependencies", json::array({{{"ref", "package"}, {"dependsOn", std::move(names)}}})}});
}

std::string build_provenance(const BuildRecord& record, const std::string& builder) {
    json sources = json::array();
    for (const RecordedFile& source : record.sources)
        sources.push_back(source.name);
    json parameters = {
        {"sources", std::move(sources)}, {"flags", record.flags}, {"architectures", record.architectures}};
    if (json source = source_of(record.checkout); !source.empty())
        parameters["source"] = std::move(source);
    const json definition = {{"buildType", "urn:ecc:build:v1"},
                             {"externalParameters", std::move(parameters)},
                             {"internalParameters", json::object()},
                             {"resolvedDependencies", resolved_dependencies(record)}};
    const json run = {
        {"builder",
         {{"id", builder},
          {"version", {{"ecc", record.tool}, {"llvm", record.llvm}, {"libbpf", record.libbpf}}}}},
        {"metadata", {{"startedOn", rfc3339(record.started)}, {"finishedOn", rfc3339(record.finished)}}},
        {"byproducts", json::array({resource(record.package.name, record.package.digest)})}};
    return json_text({{"buildDefinition", definition}, {"runDetails", run}});
}

std::string build_log_document(const BuildRecord& record) {
    return json_text({{"log", record.log}});
}

} // namespace ecc
