#include "skelgen/mustache_file.h"

#include "support/files.h"

namespace ecc {

Result<std::string> render_mustache(const std::filesystem::path& file, const kainjow::mustache::data& data) {
    const auto bytes = read_file(file);
    if (!bytes)
        return environment_error(file.string(), "cannot read this template: " + bytes.error().what,
                                 "It belongs to ecc: install ecc again.");
    kainjow::mustache::mustache parsed{std::string(as_text(*bytes))};
    if (!parsed.is_valid())
        return environment_error(file.string(), "not a template: " + parsed.error_message(),
                                 "It belongs to ecc: install ecc again.");
    parsed.set_custom_escape([](const std::string& text) { return text; });
    std::string text = parsed.render(data);
    if (!parsed.error_message().empty())
        return environment_error(file.string(), "cannot render: " + parsed.error_message());
    return text;
}

} // namespace ecc
