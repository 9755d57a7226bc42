#include "packager/package/package.h"

#include "packager/package/wasm_module.h"
#include "support/digest.h"

#include <algorithm>
#include <fmt/format.h>

namespace ecc {
namespace {

constexpr std::string_view manifest_section = "ecc.package";
constexpr std::string_view object_section = "ecc.bpf";
constexpr std::string_view btf_section = "ecc.btf";

constexpr const char* damaged = "build or fetch the package again; it was corrupted or changed";

constexpr std::size_t max_package_size = 256u << 20;
constexpr std::size_t max_manifest_size = 4u << 20;
constexpr std::size_t max_objects = 64;
constexpr std::size_t max_name_length = 128;

/// Names are file names, map keys and words on a terminal: letters, digits, '_', '-' and '.'.
bool is_plain_name(std::string_view name) {
    auto plain = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
               c == '-' || c == '.';
    };
    return !name.empty() && name.size() <= max_name_length && std::ranges::all_of(name, plain);
}

bool same_object(const auto& a, const auto& b) {
    return a.name == b.name && a.architecture == b.architecture;
}

Result<void> check_objects(const std::vector<EmbeddedObject>& objects, const std::string& where) {
    if (objects.size() > max_objects)
        return input_error(where, fmt::format("has {} BPF objects; a package holds at most {}",
                                              objects.size(), max_objects));
    for (auto object = objects.begin(); object != objects.end(); ++object) {
        if (!is_plain_name(object->name) || !is_plain_name(object->architecture))
            return input_error(where,
                               fmt::format("BPF object \"{}\" for architecture \"{}\": names are up to {} "
                                           "letters, digits, '_', '-' and '.'",
                                           object->name, object->architecture, max_name_length));
        if (std::any_of(objects.begin(), object,
                        [&](const auto& other) { return same_object(other, *object); }))
            return input_error(
                where, fmt::format("has BPF object {} for {} twice", object->name, object->architecture));
    }
    return {};
}

std::vector<ManifestObject> list_objects(const std::vector<EmbeddedObject>& objects) {
    std::vector<ManifestObject> listed;
    for (const EmbeddedObject& object : objects)
        listed.push_back({object.name, object.architecture, sha256_digest(object.elf), object.elf.size()});
    return listed;
}

Bytes encode_object(const EmbeddedObject& object) {
    ByteWriter payload;
    payload.name(object.name);
    payload.name(object.architecture);
    payload.put(object.elf);
    return payload.finish();
}

void put_custom_section(ByteWriter& out, std::string_view name, ByteView payload) {
    ByteWriter head;
    head.name(name);
    out.u8(0);
    out.leb_u32(static_cast<std::uint32_t>(head.bytes().size() + payload.size()));
    out.put(head.bytes());
    out.put(payload);
}

Result<void> check_size(std::size_t size, const std::string& where) {
    if (size > max_package_size)
        return input_error(where, fmt::format("is {} MiB; a package has at most {} MiB", size >> 20,
                                              max_package_size >> 20));
    return {};
}

Result<void> check_manifest_size(std::size_t size, const std::string& where) {
    if (size > max_manifest_size)
        return input_error(
            where, fmt::format("ecc.package has {} bytes; at most {} are allowed", size, max_manifest_size));
    return {};
}

Result<EmbeddedObject> decode_object(ByteView payload, const std::string& where) {
    ByteReader reader(payload);
    EmbeddedObject object;
    object.name = reader.name();
    object.architecture = reader.name();
    ByteView elf = reader.take(reader.remaining());
    if (!reader.ok())
        return input_error(where, "ecc.bpf: the name and architecture of a BPF object are cut off");
    object.elf.assign(elf.begin(), elf.end());
    return object;
}

struct Sections {
    std::vector<ByteView> manifests;
    std::vector<ByteView> objects;
    std::vector<ByteView> btfs;
};

Sections pick_sections(const std::vector<WasmSection>& all) {
    Sections picked;
    for (const WasmSection& section : all) {
        if (section.name == manifest_section)
            picked.manifests.push_back(section.payload);
        else if (section.name == object_section)
            picked.objects.push_back(section.payload);
        else if (section.name == btf_section)
            picked.btfs.push_back(section.payload);
    }
    return picked;
}

Result<void> check_counts(const Sections& sections, const std::string& where) {
    if (sections.manifests.empty())
        return input_error(where, "is a WebAssembly module but not a package: it has no section ecc.package",
                           "make a package with `ecc PROG.bpf.c`");
    if (sections.manifests.size() > 1)
        return input_error(
            where, fmt::format("has {} sections ecc.package; expected one", sections.manifests.size()));
    if (sections.btfs.size() > 1)
        return input_error(
            where, fmt::format("has {} sections ecc.btf; expected at most one", sections.btfs.size()));
    if (sections.objects.size() > max_objects)
        return input_error(where, fmt::format("has {} sections ecc.bpf; a package holds at most {}",
                                              sections.objects.size(), max_objects));
    return check_manifest_size(sections.manifests[0].size(), where);
}

std::string missing_objects(const Package& package) {
    std::string text = fmt::format("ecc.package lists {} BPF objects, but the package carries {}",
                                   package.manifest.objects.size(), package.objects.size());
    for (const auto& entry : package.manifest.objects) {
        if (std::ranges::none_of(package.objects, [&](const auto& o) { return same_object(o, entry); }))
            text += fmt::format("; missing: {} for {}", entry.name, entry.architecture);
    }
    return text;
}

/// Every object is as the manifest says, and the manifest lists no other.
Result<void> check_listed(const Package& package, const std::string& where) {
    const auto& listed = package.manifest.objects;
    for (const EmbeddedObject& object : package.objects) {
        auto entry = std::ranges::find_if(listed, [&](const auto& e) { return same_object(e, object); });
        if (entry == listed.end())
            return input_error(where,
                               fmt::format("carries BPF object {} for {}, which ecc.package does not list",
                                           object.name, object.architecture));
        std::string digest = sha256_digest(object.elf);
        if (entry->digest != digest || entry->size != object.elf.size())
            return input_error(
                where, fmt::format("BPF object {} for {} has {} bytes with digest {}; ecc.package says {} "
                                   "bytes with {}",
                                   object.name, object.architecture, object.elf.size(), digest, entry->size,
                                   entry->digest));
    }
    if (listed.size() != package.objects.size())
        return input_error(where, missing_objects(package));
    return {};
}

Result<Package> parse_package(ByteView wasm, const std::string& where) {
    ECC_CHECK(check_size(wasm.size(), where));
    ECC_TRY(auto all, wasm_sections(wasm, where));
    Sections sections = pick_sections(all);
    ECC_CHECK(check_counts(sections, where));

    Package package;
    ECC_TRY(package.manifest, manifest_from_json(as_text(sections.manifests[0]), where));
    for (ByteView payload : sections.objects) {
        ECC_TRY(auto object, decode_object(payload, where));
        package.objects.push_back(std::move(object));
    }
    ECC_CHECK(check_objects(package.objects, where));
    ECC_CHECK(check_listed(package, where));
    if (!sections.btfs.empty())
        package.btf.emplace(sections.btfs[0].begin(), sections.btfs[0].end());
    return package;
}

} // namespace

Result<Bytes> write_package(ByteView module, Package package) {
    const std::string where = package.manifest.name;
    ECC_TRY(auto sections, wasm_sections(module, where));
    if (auto ours = std::ranges::find_if(sections, [](const auto& s) { return s.name.starts_with("ecc."); });
        ours != sections.end())
        return input_error(where, fmt::format("the module already has a section {}", ours->name));
    ECC_CHECK(check_objects(package.objects, where));

    package.manifest.objects = list_objects(package.objects);
    std::string manifest = manifest_to_json(package.manifest);
    ECC_CHECK(check_manifest_size(manifest.size(), where));
    ByteWriter out;
    out.put(module);
    put_custom_section(out, manifest_section, as_bytes(manifest));
    // The optional section before those that the manifest lists: a file that was cut off lacks one of these.
    if (package.btf) {
        ECC_CHECK(check_size(out.bytes().size() + package.btf->size(), where));
        put_custom_section(out, btf_section, *package.btf);
    }
    for (const EmbeddedObject& object : package.objects) {
        ECC_CHECK(check_size(out.bytes().size() + object.elf.size(), where));
        put_custom_section(out, object_section, encode_object(object));
    }
    ECC_CHECK(check_size(out.bytes().size(), where));
    return out.finish();
}

Result<Package> read_package(ByteView wasm, const std::string& where) {
    auto package = parse_package(wasm, where);
    if (!package && package.error().hint.empty())
        package.error().hint = damaged;
    return package;
}

} // namespace ecc
