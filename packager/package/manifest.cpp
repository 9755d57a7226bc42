#include "packager/package/manifest.h"

#include "packager/json.h"

#include <concepts>
#include <fmt/format.h>
#include <limits>

namespace ecc {
namespace {

using nlohmann::json;

template <class T, class Struct>
concept Is = std::same_as<std::remove_const_t<T>, Struct>;

// One list of keys for each structure. The writer and the reader walk the same list, so that they cannot
// differ.

void fields(auto& visit, Is<ManifestInput> auto& object) {
    visit("path", object.path);
    visit("digest", object.digest);
}

void fields(auto& visit, Is<ManifestBuild> auto& object) {
    visit("tool", object.tool);
    visit("llvm", object.llvm);
    visit("libbpf", object.libbpf);
    visit("inputs", object.inputs);
    visit("btf_digest", object.btf_digest);
}

void fields(auto& visit, Is<ManifestObject> auto& object) {
    visit("name", object.name);
    visit("architecture", object.architecture);
    visit("digest", object.digest);
    visit("size", object.size);
}

void fields(auto& visit, Is<ManifestProgram> auto& object) {
    visit("name", object.name);
    visit("section", object.section);
    visit("type", object.type);
    visit("target", object.target);
}

void fields(auto& visit, Is<ManifestMap> auto& object) {
    visit("name", object.name);
    visit("type", object.type);
    visit("key_size", object.key_size);
    visit("value_size", object.value_size);
    visit("max_entries", object.max_entries);
    visit("flags", object.flags);
    visit("key_type", object.key_type);
    visit("value_type", object.value_type);
    visit("records", object.records);
}

void fields(auto& visit, Is<ManifestMember> auto& object) {
    visit("name", object.name);
    visit("type", object.type);
    visit("offset_bits", object.offset_bits);
    visit("size_bits", object.size_bits);
}

void fields(auto& visit, Is<ManifestType> auto& object) {
    visit("name", object.name);
    visit("size", object.size);
    visit("alignment", object.alignment);
    visit("members", object.members);
}

void fields(auto& visit, Is<ManifestSetting> auto& object) {
    visit("name", object.name);
    visit("type", object.type);
    visit("section", object.section);
    visit("offset", object.offset);
    visit("size", object.size);
    visit("help", object.help);
}

void fields(auto& visit, Is<Manifest> auto& object) {
    visit("format", object.format);
    visit("name", object.name);
    visit("version", object.version);
    visit("license", object.license);
    visit("description", object.description);
    visit("abi", object.abi);
    visit("build", object.build);
    visit("objects", object.objects);
    visit("programs", object.programs);
    visit("maps", object.maps);
    visit("types", object.types);
    visit("settings", object.settings);
    visit("permissions", object.permissions);
    visit("features", object.features);
}

struct Writer {
    json object = json::object();

    template <class T> void operator()(const char* key, const T& value) { object[key] = write(value); }

    static json write(const std::string& value) { return value; }
    static json write(const std::unsigned_integral auto& value) { return value; }

    template <class T> static json write(const std::vector<T>& values) {
        json array = json::array();
        for (const T& value : values)
            array.push_back(write(value));
        return array;
    }

    template <class T> static json write(const T& value) {
        Writer writer;
        fields(writer, value);
        return std::move(writer.object);
    }
};

/// Reads until the first mistake and remembers that one. `path` is where the reader stands: "maps[2].name".
struct Reader {
    const json* object;
    std::string path;
    std::string& mistake;

    template <class T> void operator()(const char* key, T& value) {
        std::string child = path.empty() ? key : path + "." + key;
        auto found = object->find(key);
        if (found == object->end())
            fail(fmt::format("{} is missing", child));
        else
            read(*found, child, value);
    }

    void fail(std::string what) {
        if (mistake.empty())
            mistake = std::move(what);
    }

    void read(const json& from, const std::string& at, std::string& value) {
        if (from.is_string())
            value = from.get<std::string>();
        else
            fail(fmt::format("{} is not a string", at));
    }

    template <std::unsigned_integral T> void read(const json& from, const std::string& at, T& value) {
        if (from.is_number_unsigned() && from.get<std::uint64_t>() <= std::numeric_limits<T>::max())
            value = from.get<T>();
        else
            fail(fmt::format("{} is not a number from 0 to {}", at, std::numeric_limits<T>::max()));
    }

    template <class T> void read(const json& from, const std::string& at, std::vector<T>& values) {
        if (!from.is_array())
            return fail(fmt::format("{} is not an array", at));
        for (std::size_t i = 0; i < from.size() && mistake.empty(); i++)
            read(from[i], fmt::format("{}[{}]", at, i), values.emplace_back());
    }

    template <class T> void read(const json& from, const std::string& at, T& value) {
        if (!from.is_object())
            return fail(fmt::format("{} is not an object", at));
        Reader reader{&from, at, mistake};
        fields(reader, value);
    }
};

} // namespace

std::string manifest_to_json(const Manifest& manifest) {
    return json_text(Writer::write(manifest));
}

Result<Manifest> manifest_from_json(std::string_view text, const std::string& where) {
    json document = parse_json(text);
    if (!document.is_object())
        return input_error(where, "ecc.package does not hold a JSON object");

    Manifest manifest;
    std::string mistake;
    Reader reader{&document, {}, mistake};
    reader("format", manifest.format); // first: a newer format may lack or retype everything else
    if (mistake.empty() && manifest.format > package_format)
        return input_error(where,
                           fmt::format("has package format {}; this version reads up to {}", manifest.format,
                                       package_format),
                           "update ecc and ecc-run: the package needs a newer version");
    if (mistake.empty() && manifest.format == 0)
        mistake = "format is 0; the first format is 1";
    fields(reader, manifest);
    if (!mistake.empty())
        return input_error(where, "ecc.package: " + mistake, "see docs/schema/ecc.package.schema.json");
    return manifest;
}

} // namespace ecc
