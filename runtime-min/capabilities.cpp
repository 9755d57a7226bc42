#include "runtime-min/capabilities.h"

#include "support/result.h"

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <semaphore.h>
#include <string>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace ecc {

namespace {

using Data = std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3>;

CapabilitySet joined(std::uint32_t low, std::uint32_t high) {
    return low | CapabilitySet{high} << 32;
}

/// Of a thread of this process; 0 is the calling one.
bool read_capabilities(Data& data, int thread = 0) {
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, thread};
    return ::syscall(SYS_capget, &header, data.data()) == 0;
}

} // namespace

CapabilitySet effective_capabilities() {
    Data data{};
    return read_capabilities(data) ? joined(data[0].effective, data[1].effective) : 0;
}

bool drop_capabilities(CapabilitySet kept) {
    Data data{};
    if (!read_capabilities(data))
        return false;
    for (std::size_t half = 0; half < data.size(); ++half) {
        const auto wanted = static_cast<std::uint32_t>(kept >> (32 * half));
        data[half].permitted &= wanted;
        data[half].effective &= wanted;
        data[half].inheritable = 0;
    }
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           ::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) == 0 &&
           ::syscall(SYS_capset, &header, data.data()) == 0;
}

namespace {

/// What a thread that gets the signal is to keep, and where it says that it did. A signal handler has no
/// other way to learn it; both stay, because a late signal may still come.
std::atomic<CapabilitySet> kept_everywhere = ~CapabilitySet{0};
sem_t dropped;

int drop_signal() {
    return SIGRTMIN;
}

extern "C" void drop_in_this_thread(int) {
    const int saved = errno;
    drop_capabilities(kept_everywhere);
    ::sem_post(&dropped);
    errno = saved;
}

void listen_for_drop_signal() {
    ::sem_init(&dropped, 0, 0);
    struct sigaction action{};
    action.sa_handler = drop_in_this_thread;
    action.sa_flags = SA_RESTART;
    ::sigaction(drop_signal(), &action, nullptr);
}

/// None if the thread has ended.
CapabilitySet permitted_of(int thread) {
    Data data{};
    return read_capabilities(data, thread) ? joined(data[0].permitted, data[1].permitted) : 0;
}

/// Signals every thread that has more than `kept` and returns how many there were.
OrErrno<int> ask_threads(CapabilitySet kept) {
    int asked = 0;
    std::error_code hidden;
    for (std::filesystem::directory_iterator task("/proc/self/task", hidden), last; !hidden && task != last;
         task.increment(hidden)) {
        const int thread = std::stoi(task->path().filename().string());
        if ((permitted_of(thread) & ~kept) == 0)
            continue;
        asked += ::syscall(SYS_tgkill, ::getpid(), thread, drop_signal()) == 0;
    }
    if (hidden)
        return errno_error(hidden.value());
    return asked;
}

/// Waits for as many answers; shortly, as a thread may have ended without giving one.
void await_answers(int count) {
    timespec deadline{};
    ::clock_gettime(CLOCK_REALTIME, &deadline);
    deadline.tv_sec += 1;
    while (count > 0 && (::sem_timedwait(&dropped, &deadline) == 0 || errno == EINTR))
        --count;
}

} // namespace

OrErrno<> drop_capabilities_everywhere(CapabilitySet kept) {
    constexpr int most_rounds = 10;
    kept_everywhere = kept;
    listen_for_drop_signal();
    // A thread with capabilities may have started another one while we looked: only a round that finds none
    // is the last.
    for (int round = 0; round < most_rounds; ++round) {
        ECC_TRY(const int left, ask_threads(kept));
        if (left == 0)
            return {};
        await_answers(left);
    }
    return errno_error(EPERM);
}

/// The first one has all user ids.
bool in_user_namespace() {
    std::ifstream map("/proc/self/uid_map");
    std::uint64_t inside = 0, outside = 0, count = 0;
    return map >> inside >> outside >> count && count != UINT32_MAX;
}

} // namespace ecc
