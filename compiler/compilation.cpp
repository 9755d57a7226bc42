#include "compiler/compilation.h"

#include <nlohmann/json.hpp>

namespace ecc {
namespace {

using nlohmann::json;

json to_json(const Error& error) {
    return {static_cast<int>(error.fault), error.where, error.what, error.hint};
}

Error error_from_json(const json& value) {
    return {static_cast<Fault>(value.at(0).get<int>()), value.at(1), value.at(2), value.at(3)};
}

json to_json(const Dependencies& dependencies) {
    json list = json::array();
    for (const Dependency& dependency : dependencies)
        list.push_back(
            {json::binary(Bytes(dependency.path.begin(), dependency.path.end())), dependency.system});
    return list;
}

Dependencies dependencies_from_json(const json& value) {
    Dependencies dependencies;
    for (const json& entry : value)
        dependencies.push_back({std::string(as_text(entry.at(0).get_binary())), entry.at(1)});
    return dependencies;
}

using TypesOfMaps = std::map<std::string, std::vector<TypeReference>>;

json to_json(const TypesOfMaps& types) {
    json maps = json::object();
    for (const auto& [map, references] : types)
        for (const TypeReference& reference : references)
            maps[map].push_back({reference.name, reference.shape});
    return maps;
}

TypesOfMaps types_from_json(const json& value) {
    TypesOfMaps types;
    for (const auto& [map, references] : value.items())
        for (const json& reference : references)
            types[map].push_back({reference.at(0), reference.at(1)});
    return types;
}

json to_json(const Annotations& annotations) {
    json flags = json::object();
    for (const auto& [name, flag] : annotations.flags)
        flags[name] = {flag.long_name, flag.short_name, flag.help};
    return {to_json(annotations.records),
            to_json(annotations.keys),
            to_json(annotations.values),
            annotations.docs,
            flags,
            annotations.untyped,
            annotations.varying};
}

Annotations annotations_from_json(const json& value) {
    Annotations annotations;
    annotations.records = types_from_json(value.at(0));
    annotations.keys = types_from_json(value.at(1));
    annotations.values = types_from_json(value.at(2));
    value.at(3).get_to(annotations.docs);
    for (const auto& [name, flag] : value.at(4).items())
        annotations.flags[name] = {flag.at(0), flag.at(1), flag.at(2)};
    value.at(5).get_to(annotations.untyped);
    value.at(6).get_to(annotations.varying);
    return annotations;
}

} // namespace

Bytes to_bytes(const Compilation& compilation) {
    const json error = compilation.error ? to_json(*compilation.error) : json();
    return json::to_cbor({compilation.ok, compilation.cut_was_enough, json::binary(compilation.object),
                          json::binary(Bytes(compilation.diagnostics.begin(), compilation.diagnostics.end())),
                          error, compilation.btf_digest, to_json(compilation.annotations),
                          compilation.vmlinux_ms, to_json(compilation.dependencies)});
}

Result<Compilation> compilation_from_bytes(ByteView bytes) {
    try {
        const json value = json::from_cbor(bytes);
        Compilation compilation;
        compilation.ok = value.at(0);
        compilation.cut_was_enough = value.at(1);
        compilation.object = value.at(2).get_binary();
        compilation.diagnostics = as_text(value.at(3).get_binary());
        if (!value.at(4).is_null())
            compilation.error = error_from_json(value.at(4));
        compilation.btf_digest = value.at(5);
        compilation.annotations = annotations_from_json(value.at(6));
        compilation.vmlinux_ms = value.at(7);
        compilation.dependencies = dependencies_from_json(value.at(8));
        return compilation;
    } catch (const json::exception& failure) {
        return environment_error("clang", std::string("its process gave no result: ") + failure.what());
    }
}

} // namespace ecc
