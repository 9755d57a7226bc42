// Answers from a person or a pipe.
#pragma once

#include "support/result.h"

#include <string>

namespace ecc {

enum class Echo { on, off };

/// A line typed on the terminal; a usage error if standard input is none.
Result<std::string> ask_on_terminal(const std::string& question, Echo echo);

/// True if the terminal answers with y or yes; false as well if there is no terminal.
bool confirmed_on_terminal(const std::string& question);

/// The first line of standard input, at most 64 KiB; a usage error if it is empty.
Result<std::string> first_line_of_input();

} // namespace ecc
