#include "compiler/commands/secret_input.h"

#include "support/diagnostics.h"
#include "support/output.h"
#include "support/signal_cleanup.h"

#include <fmt/format.h>
#include <iostream>
#include <optional>
#include <termios.h>
#include <unistd.h>

namespace ecc {
namespace {

constexpr std::size_t max_line = 64u << 10;

void set_terminal(const void* modes) {
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, static_cast<const termios*>(modes));
}

/// What is typed does not appear while this lives.
class HiddenTyping {
public:
    HiddenTyping() {
        if (::tcgetattr(STDIN_FILENO, &before_) != 0)
            return;
        termios hidden = before_;
        hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        cleanup_.emplace(set_terminal, &before_);
        set_terminal(&hidden);
    }
    HiddenTyping(const HiddenTyping&) = delete;
    HiddenTyping& operator=(const HiddenTyping&) = delete;
    ~HiddenTyping() {
        if (cleanup_)
            set_terminal(&before_);
    }

private:
    termios before_ = {};
    std::optional<SignalCleanup> cleanup_;
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
