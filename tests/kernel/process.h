// Running programs as a user would: arguments in, standard output, standard error and exit status out.
// Waiting is for events (a line, the end), always with a deadline, and a failed wait says what the program
// had written so far.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace ecc::test {

using Command = std::vector<std::string>;

#ifdef __SANITIZE_ADDRESS__
constexpr std::chrono::milliseconds default_deadline = std::chrono::seconds(120);
#else
constexpr std::chrono::milliseconds default_deadline = std::chrono::seconds(30);
#endif

struct Output {
    int status =
        -1; ///< the exit status, or 128 + n if signal n ended the program; -1: it did not end in time
    std::string out, err;
};

/// Runs a program to its end, with empty standard input. The program is looked up on PATH.
Output run(const Command& command, std::chrono::milliseconds deadline = default_deadline);

/// A program in the background. Its output is read by every function that waits.
class Process {
public:
    static Process start(const Command& command);

    Process(Process&& other) noexcept;
    Process& operator=(Process&&) = delete;
    ~Process(); ///< kills what still runs

    pid_t pid() const { return pid_; }

    using LineTest = std::function<bool(const std::string&)>;

    /// The first line of standard output, from the beginning, that passes the test. While it is not there,
    /// `provoke` is called again and again (every few milliseconds): it makes the event that the line
    /// reports. Empty: the deadline passed or the program ended.
    std::optional<std::string> wait_for_line(const LineTest& test, const std::function<void()>& provoke = {},
                                             std::chrono::milliseconds deadline = default_deadline);
    /// The same for standard error.
    std::optional<std::string> wait_for_error_line(const LineTest& test,
                                                   std::chrono::milliseconds deadline = default_deadline);

    /// Whole lines of standard output so far.
    std::vector<std::string> lines();

    void send_signal(int number) const;
    /// No one reads its standard output any more.
    void close_output();

    /// Waits for the end and returns everything.
    Output wait(std::chrono::milliseconds deadline = default_deadline);
    /// SIGINT, then the end.
    Output interrupt();

    /// What the program wrote so far and whether it still runs, for failure messages.
    std::string describe();

private:
    struct Stream {
        int fd = -1;
        std::string text;
    };

    Process(pid_t pid, int out, int err) : pid_(pid), out_{out, {}}, err_{err, {}} {}

    void read_for(std::chrono::milliseconds time);
    static void read_available(Stream& stream);
    bool is_over() const { return out_.fd < 0 && err_.fd < 0; }
    std::optional<std::string> wait_in(const std::string& text, const LineTest& test,
                                       const std::function<void()>& provoke,
                                       std::chrono::milliseconds deadline);

    pid_t pid_ = -1; ///< -1: reaped
    int status_ = -1;
    Stream out_, err_;
};

std::vector<std::string> split_lines(const std::string& text);

} // namespace ecc::test
