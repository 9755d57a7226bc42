#include "compiler/compiler_flags.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace ecc {
namespace {

constexpr std::array apart = {std::string_view("-ferror-limit="), std::string_view("-fdiagnostics-format=")};

void add_features(std::vector<std::string>& arguments, const CompilerFlags& flags) {
    for (const std::string& feature : flags.features) {
        const std::string option = "-f" + feature;
        if (!is_passed_on_apart(option)) {
            arguments.push_back(option);
            continue;
        }
        const std::size_t equals = option.find('=');
        arguments.push_back(option.substr(0, equals));
        arguments.push_back(option.substr(equals + 1));
    }
}

} // namespace

bool is_passed_on_apart(std::string_view option) {
    return std::ranges::any_of(apart, [&](std::string_view name) { return option.starts_with(name); });
}

void add_flags(std::vector<std::string>& arguments, const CompilerFlags& flags, SourceLanguage language) {
    const auto add = [&](std::string_view option, const std::vector<std::string>& values) {
        for (const std::string& value : values)
            arguments.push_back(fmt::format("{}{}", option, value));
    };
    add("-I", flags.include_folders);
    add("-D", flags.definitions);
    add("-U", flags.undefinitions);
    add("-W", flags.warnings);
    add_features(arguments, flags);
    for (const auto& [option, folders] :
         {std::pair{"-iquote", &flags.quote_folders}, std::pair{"-isystem", &flags.system_folders},
          std::pair{"-idirafter", &flags.last_folders}})
        for (const std::string& folder : *folders)
            arguments.insert(arguments.end(), {option, folder});
    for (const std::string& file : flags.forced_includes)
        arguments.insert(arguments.end(), {"-include", file});
    for (const std::string& standard : flags.standards)
        if ((standard.find("++") != std::string::npos) == (language == SourceLanguage::cxx))
            arguments.push_back(fmt::format("-std={}", standard));
}

std::vector<std::string> folders_of(const CompilerFlags& flags) {
    std::vector<std::string> folders;
    for (const auto* some :
         {&flags.quote_folders, &flags.include_folders, &flags.system_folders, &flags.last_folders})
        folders.insert(folders.end(), some->begin(), some->end());
    return folders;
}

std::vector<std::string> words(std::string_view text) {
    std::vector<std::string> found;
    while (!text.empty()) {
        const std::string_view word = text.substr(0, text.find(' '));
        if (!word.empty())
            found.emplace_back(word);
        text.remove_prefix(std::min(word.size() + 1, text.size()));
    }
    return found;
}

} // namespace ecc
