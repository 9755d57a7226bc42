#include "compiler/record/build_record.h"

#include "packager/json.h"
#include "support/digest.h"

#include <algorithm>
#include <fmt/format.h>

namespace ecc {
namespace {

using nlohmann::json;

constexpr std::pair<CheckoutState, std::string_view> state_names[] = {
    {CheckoutState::unknown, "unknown"},
    {CheckoutState::clean, "clean"},
    {CheckoutState::modified, "modified"},
};

json to_json(const RecordedCheckout& checkout) {
    const auto* state =
        std::ranges::find(state_names, checkout.state, &std::pair<CheckoutState, std::string_view>::first);
    return {
        {"url", checkout.url}, {"ref", checkout.ref}, {"commit", checkout.commit}, {"state", state->second}};
}

json to_json(const std::vector<RecordedFile>& files) {
    json list = json::array();
    for (const RecordedFile& file : files)
        list.push_back({{"name", file.name}, {"digest", file.digest}});
    return list;
}

/// Reads members of one document and remembers the first that is wrong.
class Reader {
public:
    std::string text(const json& object, const char* key) {
        const json& value = member(object, key);
        if (!value.is_string())
            return fail(key);
        return value.get<std::string>();
    }
    std::int64_t number(const json& object, const char* key) {
        const json& value = member(object, key);
        if (!value.is_number_integer())
            return fail(key), 0;
        return value.get<std::int64_t>();
    }
    std::string digest(const json& object, const char* key) {
        std::string found = text(object, key);
        if (!is_sha256_digest(found))
            fail(key);
        return found;
    }
    template <class Read> auto list(const json& object, const char* key, Read read) {
        std::vector<decltype(read(object))> all;
        const json& value = member(object, key);
        if (!value.is_array())
            fail(key);
        else
            for (const json& element : value)
                all.push_back(read(element));
        return all;
    }
    std::vector<std::string> texts(const json& object, const char* key) {
        return list(object, key, [&](const json& element) {
            return element.is_string() ? element.get<std::string>() : fail(key);
        });
    }
    RecordedFile file(const json& object) { return {text(object, "name"), digest(object, "digest")}; }
    std::vector<RecordedFile> files(const json& object, const char* key) {
        return list(object, key, [&](const json& element) { return file(element); });
    }
    RecordedComponent component(const json& object) {
        return {text(object, "name"), text(object, "version"), text(object, "license"),
                files(object, "files"), text(object, "purl")};
    }
    RecordedCheckout checkout(const json& object) {
        const std::string state = text(object, "state");
        const auto* known = std::ranges::find(state_names, std::string_view(state),
                                              &std::pair<CheckoutState, std::string_view>::second);
        if (known == std::end(state_names))
            return fail("state"), RecordedCheckout{};
        return {text(object, "url"), text(object, "ref"), text(object, "commit"), known->first};
    }
    const std::string& wrong() const { return wrong_; }
    static const json& member(const json& object, const char* key) {
        static const json nothing;
        return object.is_object() && object.contains(key) ? object[key] : nothing;
    }

private:
    std::string fail(const char* key) {
        if (wrong_.empty())
            wrong_ = key;
        return {};
    }
    std::string wrong_;
};

BuildRecord read(Reader& reader, const json& document) {
    BuildRecord record;
    record.package = reader.file(Reader::member(document, "package"));
    record.tool = reader.text(document, "tool");
    record.llvm = reader.text(document, "llvm");
    record.libbpf = reader.text(document, "libbpf");
    record.checkout = reader.checkout(Reader::member(document, "checkout"));
    record.sources = reader.files(document, "sources");
    record.components =
        reader.list(document, "components", [&](const json& element) { return reader.component(element); });
    record.btf_digest = reader.text(document, "btf_digest");
    record.architectures = reader.texts(document, "architectures");
    record.flags = reader.texts(document, "flags");
    record.log = reader.text(document, "log");
    record.started = reader.number(document, "started");
    record.finished = reader.number(document, "finished");
    return record;
}

} // namespace

std::string build_record_to_json(const BuildRecord& record) {
    json components = json::array();
    for (const RecordedComponent& component : record.components)
        components.push_back({{"name", component.name},
                              {"version", component.version},
                              {"license", component.license},
                              {"files", to_json(component.files)},
                              {"purl", component.purl}});
    return json_text({{"mediaType", build_record_media_type},
                      {"package", {{"name", record.package.name}, {"digest", record.package.digest}}},
                      {"tool", record.tool},
                      {"llvm", record.llvm},
                      {"libbpf", record.libbpf},
                      {"checkout", to_json(record.checkout)},
                      {"sources", to_json(record.sources)},
                      {"components", std::move(components)},
                      {"btf_digest", record.btf_digest},
                      {"architectures", record.architectures},
                      {"flags", record.flags},
                      {"log", record.log},
                      {"started", record.started},
                      {"finished", record.finished}});
}

Result<BuildRecord> build_record_from_json(std::string_view text, const std::string& where) {
    const json document = parse_json(text);
    if (!document.is_object() || string_at(document, "mediaType") != build_record_media_type)
        return input_error(where, fmt::format("is no file of type {}", build_record_media_type),
                           "`ecc build --record FILE` writes one");
    Reader reader;
    BuildRecord record = read(reader, document);
    if (!reader.wrong().empty())
        return input_error(where, fmt::format("\"{}\" is missing or of another kind", reader.wrong()),
                           "let `ecc build --record` write it again");
    return record;
}

} // namespace ecc
