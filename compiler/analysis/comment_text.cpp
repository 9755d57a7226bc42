#include "compiler/analysis/comment_text.h"

#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>

namespace ecc {
namespace {

constexpr std::string_view blank = " \t\r\n";

std::string_view trim(std::string_view text) {
    const std::size_t first = text.find_first_not_of(blank);
    return first == text.npos ? std::string_view()
                              : text.substr(first, text.find_last_not_of(blank) - first + 1);
}

std::string_view next_line(std::string_view& text) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = trim(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    return line;
}

void append_line(std::string& text, std::string_view line) {
    if (!text.empty() && !line.empty())
        text += ' ';
    text += line;
}

bool starts_command(std::string_view line) {
    return line.size() > 1 && (line[0] == '@' || line[0] == '\\') &&
           std::isalpha(static_cast<unsigned char>(line[1]));
}

/// Removes and returns the command's name.
std::string_view take_command(std::string_view& line) {
    const std::size_t end = std::min(line.find_first_of(" \t({[\"", 1), line.size());
    const std::string_view name = line.substr(1, end - 1);
    line = trim(line.substr(end));
    return name;
}

std::string_view without(std::string_view text, char open, char close) {
    const bool enclosed = text.size() >= 2 && text.front() == open && text.back() == close;
    return enclosed ? trim(text.substr(1, text.size() - 2)) : text;
}

} // namespace

CommentText split_comment(std::string_view text) {
    CommentText result;
    std::string other; // of a command that means nothing to us
    std::string* target = &result.summary;
    while (!text.empty()) {
        std::string_view line = next_line(text);
        if (line.empty() && (target != &result.summary || !result.summary.empty()))
            target = &other;
        if (starts_command(line)) {
            const std::string_view command = take_command(line);
            result.has_cmdarg |= command == "cmdarg";
            if (command == "record")
                result.records.emplace_back(line);
            target = command == "cmdarg"        ? &result.cmdarg
                     : command == "description" ? &result.description
                     : command == "brief"       ? &result.summary
                                                : &other;
        }
        append_line(*target, line);
    }
    result.description = without(without(result.description, '(', ')'), '"', '"');
    return result;
}

Result<std::optional<FlagAnnotation>> read_flag(const CommentText& text) {
    if (!text.has_cmdarg && text.description.empty())
        return std::nullopt;
    FlagAnnotation flag{{}, {}, text.description};
    if (!text.has_cmdarg)
        return flag;
    const auto json = nlohmann::json::parse(without(text.cmdarg, '(', ')'), nullptr, false);
    if (!json.is_object())
        return input_error(
            {}, "@cmdarg is not followed by a JSON object such as {\"short\": \"p\", \"long\": \"pid\"}");
    for (const auto& [key, target] : {std::pair{"long", &flag.long_name},
                                      std::pair{"short", &flag.short_name}, std::pair{"help", &flag.help}}) {
        const auto value = json.find(key);
        if (value == json.end())
            continue;
        if (!value->is_string())
            return input_error({}, "\"" + std::string(key) + "\" of @cmdarg is not a string");
        *target = value->get<std::string>();
    }
    if (flag.short_name.size() > 1 ||
        (!flag.short_name.empty() && !std::isalnum(static_cast<unsigned char>(flag.short_name[0]))))
        return input_error({}, "\"short\" of @cmdarg is \"" + flag.short_name + "\", expected one letter");
    const bool is_plain =
        flag.long_name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                         "0123456789-_") == std::string::npos;
    if (!is_plain || flag.long_name.starts_with('-'))
        return input_error({}, "\"long\" of @cmdarg is \"" + flag.long_name +
                                   "\", expected letters, digits and '-'");
    return flag;
}

} // namespace ecc
