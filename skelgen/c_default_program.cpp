#include "skelgen/generated_program.h"
#include "skelgen/render_c.h"
#include "skelgen/ui_tables.h"

#include <algorithm>
#include <fmt/format.h>
#include <linux/bpf.h>
#include <set>

namespace ecc {

namespace {

using kainjow::mustache::data;

std::string string_or_null(const std::string& text) {
    return text.empty() ? "NULL" : c_string(text);
}

/// The name of a record whose type nobody knows.
constexpr const char* unknown_record = "data";

class DefaultProgram {
public:
    explicit DefaultProgram(const BindingModel& model)
        : model_(model), graph_(model.object.layouts.graph),
          tables_(model.object.layouts, model.object.name) {}

    Result<data> run() {
        data root;
        ECC_CHECK(add_streams(root));
        ECC_CHECK(add_settings(root));
        add_programs(root);
        root.set("records", records());
        root.set("enumerations", enumerations());
        root.set("name", c_string(model_.file_stem));
        root.set("comment", c_comment(model_.file_stem));
        root.set("object", c_string(model_.object.name));
        root.set("description", string_or_null(doc("")));
        return root;
    }

private:
    std::string doc(const std::string& key) const {
        const auto found = model_.annotations.docs.find(key);
        return found == model_.annotations.docs.end() ? std::string() : found->second;
    }

    std::vector<const RecordBinding*> records_of(const BpfMap& map) const {
        std::vector<const RecordBinding*> records;
        for (const RecordBinding& binding : model_.records) {
            if (binding.map == map.name)
                records.push_back(&binding);
        }
        return records;
    }

    bool carries(const BpfMap& map, const std::string& name) const {
        const auto records = records_of(map);
        return records.empty() ? name == unknown_record
                               : std::ranges::find(records, name, &RecordBinding::name) != records.end();
    }

    /// What users see: with the map before it where several carry a record of that name.
    std::string shown_name(const BpfMap& map, const std::string& record) const {
        const auto count = std::ranges::count_if(model_.object.maps, [&](const BpfMap& other) {
            return is_event_stream(other) && carries(other, record);
        });
        return count > 1 ? map.name + "." + record : record;
    }

    Result<void> add_streams(data& root) {
        data list(data::type::list);
        std::size_t count = 0;
        for (const BpfMap& map : model_.object.maps) {
            if (!is_event_stream(map))
                continue;
            ECC_TRY(const std::vector<std::size_t> indexes, add_records(map));
            data records(data::type::list);
            for (const std::size_t index : indexes)
                add_index(records, index);
            const bool varies = model_.annotations.varying.contains(map.name);
            data stream;
            stream.set("index", std::to_string(count++));
            stream.set("map", c_string(map.name));
            stream.set("reader",
                       map.type_number == BPF_MAP_TYPE_RINGBUF ? "ecc_ui_ring_reader" : "ecc_ui_perf_reader");
            stream.set("records", records);
            stream.set("record_count", std::to_string(indexes.size()));
            stream.set("is_ambiguous", varies || is_ambiguous(indexes));
            stream.set("varies", varies);
            list << stream;
        }
        root.set("streams", list);
        root.set("has_streams", count != 0);
        root.set("stream_count", std::to_string(count));
        return {};
    }

    /// Those of known types; and bytes, where a record may be something else of the same size.
    Result<std::vector<std::size_t>> add_records(const BpfMap& map) {
        std::vector<std::size_t> indexes;
        for (const RecordBinding* binding : records_of(map)) {
            ECC_TRY(const std::size_t index,
                    tables_.add_record(shown_name(map, binding->name), binding->type));
            indexes.push_back(index);
        }
        const Annotations& source = model_.annotations;
        if (indexes.empty() || source.untyped.contains(map.name) ||
            (indexes.size() > 1 && source.varying.contains(map.name)))
            indexes.push_back(tables_.add_unknown(shown_name(map, unknown_record)));
        return indexes;
    }

    /// Whether a record's size may fit several.
    bool is_ambiguous(const std::vector<std::size_t>& indexes) const {
        std::set<std::uint64_t> sizes;
        const auto has_open_end = [this](std::size_t index) { return tables_.records()[index].has_open_end; };
        for (const std::size_t index : indexes)
            sizes.insert(tables_.records()[index].size);
        return sizes.size() < indexes.size() ||
               (indexes.size() > 1 && std::ranges::any_of(indexes, has_open_end));
    }

    static void add_index(data& list, std::size_t index) {
        data item;
        item.set("index", std::to_string(index));
        list << item;
    }

    Result<void> add_settings(data& root) {
        data list(data::type::list);
        for (const SettingBinding& setting : model_.settings) {
            ECC_TRY(const UiField field, tables_.describe(setting.type));
            data item;
            item.set("name", c_string(setting.name));
            item.set("flag", c_string(setting.flag));
            item.set("short_flag", string_or_null(setting.short_flag));
            item.set("help", string_or_null(setting.help));
            item.set("map", c_string(map_of(setting.section)));
            item.set("offset", std::to_string(setting.offset));
            item.set("size_bits", std::to_string(field.size_bits));
            // An array of numbers has no form on a command line: as bytes, the program leaves it alone.
            item.set("kind", field.count == 0 ? field.kind : "ECC_UI_BYTES");
            add_enumeration(item, field);
            list << item;
        }
        root.set("settings", list);
        root.set("has_settings", !model_.settings.empty());
        root.set("setting_count", std::to_string(model_.settings.size()));
        return {};
    }

    std::string map_of(const std::string& section_name) const {
        const auto& sections = model_.object.data_sections;
        const auto section = std::ranges::find(sections, section_name, &DataSection::name);
        return section == sections.end() ? std::string() : section->map_name;
    }

    void add_programs(data& root) const {
        data attached(data::type::list), iterators(data::type::list);
        std::size_t attached_count = 0, iterator_count = 0;
        for (const BpfProgram& program : model_.object.programs) {
            if (!program.is_loaded)
                continue;
            data item;
            item.set("name", c_string(program.name));
            (is_iterator(program) ? iterators : attached) << item;
            ++(is_iterator(program) ? iterator_count : attached_count);
        }
        root.set("programs", attached);
        root.set("has_programs", attached_count != 0);
        root.set("program_count", std::to_string(attached_count));
        root.set("iterators", iterators);
        root.set("has_iterators", iterator_count != 0);
        root.set("iterator_count", std::to_string(iterator_count));
    }

    data records() const {
        data list(data::type::list);
        for (std::size_t i = 0; i < tables_.records().size(); ++i) {
            const UiRecord& record = tables_.records()[i];
            data fields(data::type::list);
            for (const UiField& field : record.fields)
                fields << field_item(field);
            data item;
            item.set("index", std::to_string(i));
            item.set("name", c_string(record.name));
            item.set("size", std::to_string(record.size));
            item.set("fields", fields);
            item.set("has_fields", !record.fields.empty());
            item.set("field_count", std::to_string(record.fields.size()));
            item.set("has_open_end", record.has_open_end);
            list << item;
        }
        return list;
    }

    /// What the library links for such numbers only.
    static const char* number_format(const UiField& field) {
        const std::string_view kind = field.kind;
        if (kind == "ECC_UI_FLOAT")
            return "ecc_ui_format_float";
        return kind == "ECC_UI_WIDE" ? "ecc_ui_format_wide" : nullptr;
    }

    data field_item(const UiField& field) const {
        data item;
        item.set("name", c_string(field.name));
        item.set("offset_bits", std::to_string(field.offset_bits));
        item.set("size_bits", std::to_string(field.size_bits));
        item.set("kind", field.kind);
        item.set("is_signed", field.is_signed);
        if (const auto* format = number_format(field))
            item.set("format", format);
        if (field.count != 0)
            item.set("count", std::to_string(field.count));
        if (field.record != no_table)
            item.set("record", std::to_string(field.record));
        add_enumeration(item, field);
        return item;
    }

    void add_enumeration(data& item, const UiField& field) const {
        if (field.enumeration == no_table)
            return;
        const TypeId type = tables_.enumerations()[field.enumeration];
        item.set("enumeration", std::to_string(field.enumeration));
        item.set("enumerator_count", std::to_string(graph_.at(type).enumerators.size()));
    }

    data enumerations() const {
        data list(data::type::list);
        for (std::size_t i = 0; i < tables_.enumerations().size(); ++i) {
            data values(data::type::list);
            for (const Enumerator& enumerator : graph_.at(tables_.enumerations()[i]).enumerators) {
                data value;
                value.set("name", c_string(enumerator.name));
                value.set("value", fmt::format("0x{:x}ULL", enumerator.value));
                values << value;
            }
            data item;
            item.set("index", std::to_string(i));
            item.set("values", values);
            list << item;
        }
        return list;
    }

    const BindingModel& model_;
    const TypeGraph& graph_;
    UiTables tables_;
};

} // namespace

Result<data> default_program_data(const BindingModel& model) {
    return DefaultProgram(model).run();
}

} // namespace ecc
