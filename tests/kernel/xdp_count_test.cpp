// examples/xdp-count: a user part in C++ that reads a per-CPU map, and a program that acts on packets.
#include "tests/kernel/kernel_test.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <gmock/gmock.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <sched.h>
#include <sstream>
#include <sys/socket.h>
#include <unistd.h>

namespace ecc::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::uint8_t icmp = 1, tcp = 6, udp = 17, icmpv6 = 58;

/// A frame that a counter by protocol understands: nothing else of it need be right.
std::vector<std::uint8_t> ipv4_frame(std::uint8_t protocol, std::size_t size) {
    std::vector<std::uint8_t> frame(size);
    frame[12] = 0x08;
    frame[14] = 0x45;
    frame[23] = protocol;
    return frame;
}

std::vector<std::uint8_t> ipv6_frame(std::uint8_t protocol, std::size_t size) {
    std::vector<std::uint8_t> frame(size);
    frame[12] = 0x86;
    frame[13] = 0xdd;
    frame[14] = 0x60;
    frame[20] = protocol;
    return frame;
}

/// Two ends of a cable in a network of their own, in which nobody else sends anything.
class XdpCountTest : public KernelTest {
protected:
    void SetUp() override {
        KernelTest::SetUp();
        if (HasFatalFailure())
            return;
        ASSERT_EQ(::unshare(CLONE_NEWNET), 0) << "no network namespace: " << std::strerror(errno);
        std::ofstream("/proc/sys/net/ipv6/conf/default/disable_ipv6") << 1;
        std::ofstream("/proc/sys/net/ipv6/conf/all/disable_ipv6") << 1;
        expect_done({"ip", "link", "add", "counted", "type", "veth", "peer", "name", "sender"});
        expect_done({"ip", "link", "set", "counted", "up"});
        expect_done({"ip", "link", "set", "sender", "up"});
        package_ = build({"examples/xdp-count/xdp-count.bpf.c", "examples/xdp-count/xdp-count.cpp"});
    }

    const fs::path& package() const { return package_; }

    static void expect_done(const Command& command) {
        const Output output = run(command);
        ASSERT_EQ(output.status, 0) << command[0] << " " << command[2] << ": " << output.err;
    }

    static void send(int count, const std::vector<std::uint8_t>& frame) {
        const int socket = ::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
        ASSERT_GE(socket, 0) << std::strerror(errno);
        sockaddr_ll to{};
        to.sll_family = AF_PACKET;
        to.sll_ifindex = static_cast<int>(::if_nametoindex("sender"));
        to.sll_halen = ETH_ALEN;
        for (int i = 0; i < count; ++i)
            ASSERT_EQ(
                ::sendto(socket, frame.data(), frame.size(), 0, reinterpret_cast<sockaddr*>(&to), sizeof to),
                static_cast<ssize_t>(frame.size()))
                << std::strerror(errno);
        ::close(socket);
    }

    static void send_from_cpu(int cpu, int count, const std::vector<std::uint8_t>& frame) {
        cpu_set_t set;
        CPU_ZERO(&set);
        CPU_SET(cpu, &set);
        ASSERT_EQ(::sched_setaffinity(0, sizeof set, &set), 0);
        send(count, frame);
    }

    Process start_counting() {
        Process process = start(package(), {"counted"}, {"--allow", "act"});
        const auto is_ready = [](const std::string& line) {
            return line == "xdp-count: counting on counted";
        };
        EXPECT_TRUE(process.wait_for_error_line(is_ready)) << process.describe();
        return process;
    }

    /// The lines of the last table, without its heading, blanks squeezed.
    static std::vector<std::string> last_table(const std::string& out) {
        std::vector<std::string> rows;
        for (const std::string& line : split_lines(out)) {
            if (line.starts_with("PROTOCOL"))
                rows.clear();
            else if (!line.empty())
                rows.push_back(squeeze(line));
        }
        return rows;
    }

    static std::string squeeze(const std::string& line) {
        std::istringstream words(line);
        std::string result, word;
        while (words >> word)
            result += (result.empty() ? "" : " ") + word;
        return result;
    }

private:
    fs::path package_;
};

TEST_F(XdpCountTest, counts_exactly_the_packets_and_bytes_of_every_protocol) {
    Process process = start_counting();
    ASSERT_FALSE(HasFailure());
    send(7, ipv4_frame(udp, 64));
    send(3, ipv4_frame(icmp, 98));
    send(2, ipv6_frame(icmpv6, 86));
    send(4, ipv4_frame(132, 60));
    send(5, std::vector<std::uint8_t>(60)); // not IP

    const Output output = process.interrupt();
    EXPECT_EQ(output.status, 0) << output.err;
    EXPECT_THAT(last_table(output.out), ElementsAre("ICMP 3 294", "UDP 7 448", "ICMPv6 2 172", "132 4 240"));
}

TEST_F(XdpCountTest, adds_up_the_counters_of_all_cpus) {
    Process process = start_counting();
    ASSERT_FALSE(HasFailure());
    const int cpus = static_cast<int>(::sysconf(_SC_NPROCESSORS_ONLN));
    for (int cpu = 0; cpu < cpus; ++cpu)
        send_from_cpu(cpu, cpu + 1, ipv4_frame(tcp, 100));

    const int packets = cpus * (cpus + 1) / 2;
    const Output output = process.interrupt();
    EXPECT_THAT(last_table(output.out),
                ElementsAre("TCP " + std::to_string(packets) + " " + std::to_string(packets * 100)));
}

TEST_F(XdpCountTest, prints_while_it_counts) {
    Process process = start_counting();
    ASSERT_FALSE(HasFailure());
    send(1, ipv4_frame(udp, 64));
    EXPECT_TRUE(process.wait_for_line([](const std::string& line) { return squeeze(line) == "UDP 1 64"; }))
        << process.describe();
}

TEST_F(XdpCountTest, the_interface_is_free_again_afterwards) {
    Process process = start_counting();
    ASSERT_FALSE(HasFailure());
    const KernelObjects objects = objects_of(process.pid());
    EXPECT_EQ(objects.links.size(), 1U);
    EXPECT_THAT(run({"ip", "link", "show", "counted"}).out, HasSubstr("xdp"));
    EXPECT_EQ(process.interrupt().status, 0);
    expect_gone(objects);
    EXPECT_THAT(run({"ip", "link", "show", "counted"}).out, testing::Not(HasSubstr("xdp")));
}

TEST_F(XdpCountTest, is_refused_without_the_permission_to_act) {
    const Output output = start(package(), {"counted"}).wait();
    EXPECT_NE(output.status, 0);
    EXPECT_THAT(output.err, HasSubstr("--allow act"));
    EXPECT_EQ(output.out, "");
}

TEST_F(XdpCountTest, an_unknown_interface_is_an_error_that_names_it) {
    const Output output = start(package(), {"no-such0"}, {"--allow", "act"}).wait();
    EXPECT_EQ(output.status, 1);
    EXPECT_THAT(output.err, HasSubstr("no-such0: No such device"));
}

} // namespace
} // namespace ecc::test
