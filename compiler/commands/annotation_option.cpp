#include "compiler/commands/annotation_option.h"

#include <fmt/format.h>

namespace ecc {

void add_annotation_option(CLI::App& app, std::vector<std::string>& annotations) {
    app.add_option("-a,--annotation", annotations,
                   "an annotation of the manifest; may be given several times")
        ->type_name("KEY=VALUE")
        ->allow_extra_args(false);
}

Result<AnnotationMap> parse_annotations(const std::vector<std::string>& texts) {
    AnnotationMap annotations;
    for (const std::string& text : texts) {
        const auto equals = text.find('=');
        if (equals == text.npos || equals == 0)
            return usage_error(fmt::format("--annotation {} is not KEY=VALUE", text));
        if (!annotations.emplace(text.substr(0, equals), text.substr(equals + 1)).second)
            return usage_error(fmt::format("--annotation {} is given twice", text.substr(0, equals)));
    }
    return annotations;
}

} // namespace ecc
