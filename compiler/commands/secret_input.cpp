#include "compiler/commands/secret_input.h"

#include "support/diagnostics.h"
#include "support/output.h"

#include <fmt/format.h>
#include <iostream>
#include <termios.h>
#include <unistd.h>

namespace ecc {
namespace {

constexpr std::size_t max_line = 64u << 10;

/// What is typed does not appear while this lives.
class HiddenTyping {
public:
    HiddenTyping() {
        active_ = ::tcgetattr(STDIN_FILENO, &before_) == 0;
        termios hidden = before_;
        hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        if (active_)
            ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
    }
    HiddenTyping(const HiddenTyping&) = delete;
    HiddenTyping& operator=(const HiddenTyping&) = delete;
    ~HiddenTyping() {
        if (active_)
            ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
    }

private:
    termios before_ = {};
    bool active_ = false;
};

std::string read_line() {
    std::string line;
    for (int c; line.size() < max_line && (c = std::cin.get()) != EOF && c != '\n';)
        line += static_cast<char>(c);
    if (line.ends_with('\r'))
        line.pop_back();
    return line;
}

std::string answer_to(const std::string& question) {
    print_to(stderr, "{}", printable(question));
    std::fflush(stderr);
    return read_line();
}

} // namespace

Result<std::string> ask_on_terminal(const std::string& question, Echo echo) {
    if (!::isatty(STDIN_FILENO))
        return usage_error("user and password cannot be asked for without a terminal",
                           "say -u NAME --password-stdin");
    if (echo == Echo::on)
        return answer_to(question);
    HiddenTyping hidden;
    std::string answer = answer_to(question);
    print_to(stderr, "\n");
    return answer;
}

bool confirmed_on_terminal(const std::string& question) {
    if (!::isatty(STDIN_FILENO))
        return false;
    const std::string answer = answer_to(question);
    return answer == "y" || answer == "yes";
}

Result<std::string> first_line_of_input() {
    std::string line = read_line();
    if (line.empty())
        return usage_error("standard input is empty; expected the password or token");
    return line;
}

} // namespace ecc
