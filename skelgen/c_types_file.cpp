#include "skelgen/render_c.h"

#include <algorithm>

namespace ecc {

using kainjow::mustache::data;

namespace {

std::string guard(const std::string& name) {
    std::string text = c_identifier(name + "_TYPES_H");
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::toupper(c); });
    return text;
}

data assertion_list(const CDefinition& definition) {
    data list(data::type::list);
    for (const CAssertion& assertion : definition.assertions) {
        data item;
        item.set("condition", assertion.condition);
        item.set("message", c_string(assertion.message));
        list << item;
    }
    return list;
}

data bitfield_list(const CTypes& types) {
    data list(data::type::list);
    std::size_t index = 0;
    for (const CDefinition& definition : types.definitions)
        for (const CBitfieldAssertion& assertion : definition.bitfields) {
            data item;
            item.set("index", std::to_string(index++));
            item.set("record", assertion.record);
            item.set("path", assertion.path);
            item.set("ones", assertion.ones);
            item.set("condition", assertion.condition);
            item.set("message", c_string(assertion.message));
            list << item;
        }
    return list;
}

void add_bitfields(data& root, const CTypes& types, const std::string& name, const TypesOptions& options) {
    const data list = options.assertions ? bitfield_list(types) : data(data::type::list);
    root.set("has_bitfields", !list.is_empty_list());
    root.set("bitfields", list);
    root.set("bits_function", c_identifier(name) + "_bits");
}

data definition_list(const CTypes& types, const TypesOptions& options) {
    data definitions(data::type::list);
    for (const CDefinition& definition : types.definitions) {
        data item;
        item.set("text", definition.text);
        if (options.assertions)
            item.set("assertions", assertion_list(definition));
        definitions << item;
    }
    return definitions;
}

} // namespace

Result<data> c_types_data(const TypeRequest& request, const TypesOptions& options) {
    ECC_TRY(const CTypes types, c_types(request, c_dialect));
    data root;
    root.set("guard", guard(request.where));
    root.set("name", c_comment(request.where));
    root.set("uses_bool", types.uses_bool);
    root.set("assertions", options.assertions);
    root.set("definitions", definition_list(types, options));
    add_bitfields(root, types, request.where, options);
    return root;
}

data cpp_types_data(const CTypes& types, const std::string& name, const TypesOptions& options) {
    data root;
    root.set("namespace", c_identifier(options.module.empty() ? name : options.module));
    root.set("name", c_comment(name));
    root.set("definitions", definition_list(types, options));
    add_bitfields(root, types, name, options);
    root.set("has_skeleton", data(false));
    return root;
}

Result<data> cpp_types_data(const TypeRequest& request, const TypesOptions& options) {
    ECC_TRY(const CTypes types, c_types(request, cpp_dialect));
    return cpp_types_data(types, request.where, options);
}

} // namespace ecc
