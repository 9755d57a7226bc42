#include "compiler/manifest.h"

#include "btfgen/c_records.h"
#include "btfgen/name_scope.h"
#include "compiler/clang_job.h"
#include "packager/package/object_facts.h"
#include "support/digest.h"

#include <algorithm>
#include <bpf/libbpf.h>
#include <fmt/format.h>
#include <set>
#include <unordered_map>

namespace ecc {
namespace {

/// Spellings with fixed widths, as the types are on wasm32. Of several records of one name the later ones are
/// numbered, as generated types are: "struct event___2".
class TypeNames {
public:
    TypeNames(const LayoutSet& layouts, const std::vector<const RecordLayout*>& records) : layouts_(layouts) {
        NameScope names(verbatim, "___");
        for (const RecordLayout* record : records)
            if (!record->name.empty())
                names_[record] = names.claim(record->name);
    }

    std::string record(const RecordLayout& layout) const {
        const auto claimed = names_.find(&layout);
        const std::string& name = claimed == names_.end() ? layout.name : claimed->second;
        if (layout.is_typedef_name)
            return name;
        const char* keyword = layout.is_union ? "union" : "struct";
        return name.empty() ? keyword : fmt::format("{} {}", keyword, name);
    }

    std::string of(TypeId id) const {
        const TypeId resolved = layouts_.graph.resolve(id);
        const Type& type = layouts_.graph.at(resolved);
        if (const RecordLayout* layout = layouts_.of(resolved))
            return record(*layout);
        if (type.kind == TypeKind::array)
            return array(type);
        if (type.kind == TypeKind::enumeration && !type.name.empty())
            return "enum " + type.name;
        return scalar(resolved);
    }

private:
    /// int x[2][3] is an array of arrays in BTF: the outer count comes first.
    std::string array(const Type& outer) const {
        std::string dimensions;
        const Type* type = &outer;
        TypeId element = 0;
        for (unsigned depth = 0; type->kind == TypeKind::array && depth < 64; ++depth) {
            dimensions += fmt::format("[{}]", type->element_count);
            element = layouts_.graph.resolve(type->target);
            type = &layouts_.graph.at(element);
        }
        return (type->kind == TypeKind::array ? "..." : of(element)) + dimensions;
    }

    std::string scalar(TypeId id) const {
        const std::uint64_t bits = layouts_.size_of(id) * 8;
        switch (scalar_kind(layouts_.graph, id)) {
        case ScalarKind::boolean:
            return "bool";
        case ScalarKind::character:
            return "char";
        case ScalarKind::floating:
            return fmt::format("float{}_t", bits);
        case ScalarKind::signed_integer:
            return fmt::format("int{}_t", bits);
        case ScalarKind::unsigned_integer:
        case ScalarKind::pointer:
            return fmt::format("uint{}_t", bits);
        case ScalarKind::none:
            break;
        }
        return c_type_name(layouts_.graph, id);
    }

    const LayoutSet& layouts_;
    std::unordered_map<const RecordLayout*, std::string> names_;
};

/// The records that `roots` contain by value, roots included.
class RecordClosure {
public:
    explicit RecordClosure(const LayoutSet& layouts) : layouts_(layouts) {}

    void add(TypeId id) {
        std::vector<TypeId> pending = {id};
        while (!pending.empty()) {
            const TypeId resolved = layouts_.graph.resolve(pending.back());
            pending.pop_back();
            if (layouts_.graph.at(resolved).kind == TypeKind::array)
                pending.push_back(layouts_.graph.at(resolved).target);
            const RecordLayout* record = layouts_.of(resolved);
            if (!record || !found_.insert(record).second)
                continue;
            for (const MemberLayout& member : record->members)
                pending.push_back(member.type);
        }
    }

    std::vector<const RecordLayout*> records() const {
        std::vector<const RecordLayout*> all(found_.begin(), found_.end());
        std::ranges::sort(all, {},
                          [this](const RecordLayout* record) { return record - layouts_.records.data(); });
        return all;
    }

private:
    const LayoutSet& layouts_;
    std::set<const RecordLayout*> found_;
};

ManifestType describe(const RecordLayout& record, const TypeNames& names) {
    ManifestType type{names.record(record), static_cast<std::uint32_t>(record.size), record.alignment, {}};
    for (const MemberLayout& member : record.members)
        type.members.push_back({member.name, names.of(member.type), member.offset_bits,
                                static_cast<std::uint32_t>(member.size_bits)});
    return type;
}

/// In the order of the LayoutSet, which is one that compiles.
std::vector<const RecordLayout*> records_of(const BindingModel& model) {
    RecordClosure closure(model.object.layouts);
    for (const TypeId root : model.root_types)
        closure.add(root);
    for (const RecordBinding& record : model.records)
        closure.add(record.type);
    return closure.records();
}

ManifestMap describe(const BpfMap& map, const BindingModel& model, const TypeNames& names) {
    const auto c_name = [&](TypeId id) {
        return id ? c_type_name(model.object.layouts.graph, id) : std::string();
    };
    ManifestMap described{map.name,
                          map.type,
                          map.key_size,
                          map.value_size,
                          map.max_entries,
                          map.flags,
                          c_name(map.key_type),
                          c_name(map.value_type),
                          {}};
    for (const RecordBinding& record : model.records)
        if (record.map == map.name)
            described.records.push_back(names.of(record.type));
    return described;
}

ManifestSetting describe(const SettingBinding& setting, const TypeNames& names) {
    return {setting.name,   names.of(setting.type), setting.section,
            setting.offset, setting.size,           setting.help};
}

/// What came through standard input has the name that a file of it would have.
std::string input_name(const SourceFile& source, const BuildInputs& inputs) {
    return source.path == standard_input_source ? inputs.stem + ".bpf.c" : source.path.filename().string();
}

ManifestBuild describe_build(const BuildInputs& inputs, std::string btf_digest) {
    ManifestBuild build{
        "ecc " ECC_VERSION, clang_version(), libbpf_version_string(), {}, std::move(btf_digest)};
    if (build.libbpf.starts_with('v'))
        build.libbpf.erase(0, 1);
    for (const auto* sources : {&inputs.kernel, &inputs.user})
        for (const SourceFile& source : *sources)
            build.inputs.push_back({input_name(source, inputs), sha256_digest(as_bytes(source.text))});
    return build;
}

Result<std::vector<std::string>> permissions_of(const BpfObject& object) {
    ECC_TRY(const auto facts, read_object_facts(object.elf, object.name));
    std::vector<std::string> permissions = {"observe"};
    if (!acting_reasons(facts).empty())
        permissions.push_back("act");
    return permissions;
}

std::vector<std::string> features_of(const BpfObject& object) {
    std::vector<std::string> features = {"btf"};
    if (std::ranges::find(object.maps, "ringbuf", &BpfMap::type) != object.maps.end())
        features.push_back("ringbuf");
    return features;
}

} // namespace

Result<Manifest> make_manifest(const BindingModel& model, const BuildInputs& inputs, std::string btf_digest) {
    const std::vector<const RecordLayout*> records = records_of(model);
    const TypeNames names(model.object.layouts, records);
    Manifest manifest;
    manifest.name = model.file_stem;
    manifest.license = model.object.license;
    manifest.build = describe_build(inputs, std::move(btf_digest));
    for (const BpfProgram& program : model.object.programs)
        manifest.programs.push_back({program.name, program.section, program.type, program.target});
    for (const BpfMap& map : model.object.maps)
        manifest.maps.push_back(describe(map, model, names));
    for (const RecordLayout* record : records)
        if (!record->name.empty())
            manifest.types.push_back(describe(*record, names));
    for (const SettingBinding& setting : model.settings)
        manifest.settings.push_back(describe(setting, names));
    ECC_TRY(manifest.permissions, permissions_of(model.object));
    manifest.features = features_of(model.object);
    return manifest;
}

} // namespace ecc
