// The text of a doc comment, markers already gone, and the annotations in it.
#pragma once

#include "skelgen/annotations.h"
#include "support/result.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ecc {

struct CommentText {
    std::string summary;              ///< first paragraph on one line, without commands such as @brief
    std::string cmdarg;               ///< what follows @cmdarg; empty if there is none
    std::string description;          ///< what follows @description, without quotes
    std::vector<std::string> records; ///< what follows each @record: "struct event" or "event"
    bool has_cmdarg = false;
};

/// A command starts with '@' or '\' at the start of a line and goes on to the next command or empty line.
CommentText split_comment(std::string_view text);

/// The flag that @cmdarg and @description describe, nothing if neither is there. An error says what is wrong
/// with the JSON; parentheses around it are accepted, unknown keys are ignored.
Result<std::optional<FlagAnnotation>> read_flag(const CommentText& text);

} // namespace ecc
