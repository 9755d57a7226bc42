#include "compiler/compiler_flags.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace ecc {

void add_flags(std::vector<std::string>& arguments, const CompilerFlags& flags, SourceLanguage language) {
    const auto add = [&](std::string_view option, const std::vector<std::string>& values) {
        for (const std::string& value : values)
            arguments.push_back(fmt::format("{}{}", option, value));
    };
    add("-I", flags.include_folders);
    add("-D", flags.definitions);
    add("-U", flags.undefinitions);
    add("-W", flags.warnings);
    for (const std::string& file : flags.forced_includes)
        arguments.insert(arguments.end(), {"-include", file});
    for (const std::string& standard : flags.standards)
        if ((standard.find("++") != std::string::npos) == (language == SourceLanguage::cxx))
            arguments.push_back(fmt::format("-std={}", standard));
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

namespace {

constexpr std::array long_options_with_one_dash = {"-include", "-std", "-MD", "-MMD",
                                                   "-MP",      "-MF",  "-MT", "-MQ"};
constexpr std::array joined_options = {"-MF", "-MT", "-MQ"};

std::string with_two_dashes(const std::string& argument) {
    if (std::ranges::find(long_options_with_one_dash, argument) != long_options_with_one_dash.end() ||
        argument.starts_with("-std="))
        return "-" + argument;
    for (const std::string_view option : joined_options)
        if (argument.starts_with(option))
            return fmt::format("-{}={}", option, argument.substr(option.size()));
    return argument;
}

} // namespace

std::vector<std::string> with_long_options(std::vector<std::string> arguments) {
    for (std::string& argument : arguments) {
        if (argument == "--")
            break;
        argument = with_two_dashes(argument);
    }
    return arguments;
}

} // namespace ecc
