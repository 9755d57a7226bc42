/* SPDX-License-Identifier: Apache-2.0 */
// What NAME.skel.hpp is made of: the object of a package, its programs and links. Everything stands on libbpf's API, and
// get() of each class leads to the rest of it. C++20; neither exceptions nor RTTI are needed.
#pragma once

#include <ecc/maps.hpp>
#include <ecc/records.hpp>
#include <ecc/result.hpp>
#include <ecc/struct_ops.h>
#include <ecc/user_ring.hpp>

#include <cstdlib>

// Padding matters in what the kernel reads and writes: nothing of that is here.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpadded"

namespace ecc {

/// Where a program or a struct_ops map is attached; the end of the link detaches it.
class link {
public:
    /// Of a function of libbpf that returns a link, or NULL with errno.
    static result<link> own(bpf_link *attached) {
        if (attached == nullptr)
            return failure(error{errno});
        return link(attached);
    }

    bpf_link *get() const { return link_.get(); }
    bpf_link *release() { return link_.release(); }
    int fd() const { return bpf_link__fd(get()); }
    status pin(const char *path) const { return status_of(bpf_link__pin(get(), path)); }

private:
    struct closer {
        void operator()(bpf_link *attached) const { bpf_link__destroy(attached); }
    };
    explicit link(bpf_link *attached) : link_(attached) {}

    std::unique_ptr<bpf_link, closer> link_;
};

/// A link that the skeleton keeps: attach() of the skeleton fills it unless it is there, detach() empties it.
class kept_link {
public:
    kept_link(bpf_link **kept) : kept_(kept) {}

    explicit operator bool() const { return *kept_ != nullptr; }
    bpf_link *get() const { return *kept_; }
    void keep(link attached) const {
        reset();
        *kept_ = attached.release();
    }
    void reset() const { bpf_link__destroy(std::exchange(*kept_, nullptr)); }

private:
    bpf_link **kept_;
};

class program {
public:
    program(bpf_program *program) : program_(program) {}

    bpf_program *get() const { return program_; }
    int fd() const { return bpf_program__fd(program_); }
    const char *name() const { return bpf_program__name(program_); }
    /// What stands for it in the initial value of a struct_ops map.
    std::uint64_t handle() const { return ecc_program_handle(program_); }
    bool autoload() const { return bpf_program__autoload(program_); }
    /// Before the object is loaded.
    status set_autoload(bool yes) const { return status_of(bpf_program__set_autoload(program_, yes)); }
    bool autoattach() const { return bpf_program__autoattach(program_); }
    void set_autoattach(bool yes) const { bpf_program__set_autoattach(program_, yes); }

    /// As its section says; EOPNOTSUPP if it says nothing.
    result<link> attach() const { return link::own(bpf_program__attach(program_)); }
    result<link> attach_xdp(int interface) const {
        return link::own(bpf_program__attach_xdp(program_, interface));
    }
    result<link> attach_cgroup(int cgroup) const {
        return link::own(bpf_program__attach_cgroup(program_, cgroup));
    }
    result<link> attach_tracepoint(const char *category, const char *name) const {
        return link::own(bpf_program__attach_tracepoint(program_, category, name));
    }
    result<link> attach_kprobe(bool at_return, const char *function) const {
        return link::own(bpf_program__attach_kprobe(program_, at_return, function));
    }
    result<link> attach_uprobe(bool at_return, pid_t pid, const char *binary, std::size_t offset) const {
        return link::own(bpf_program__attach_uprobe(program_, at_return, pid, binary, offset));
    }
    result<link> attach_perf_event(int event) const {
        return link::own(bpf_program__attach_perf_event(program_, event));
    }

private:
    bpf_program *program_;
};

/// A map of a skeleton.
struct map_row {
    const char *name = nullptr;
    bool is_section = false;    ///< its memory shows variables
    bool is_struct_ops = false; ///< it is attached as programs are
};

/// The names that a skeleton refers to.
struct object_rows {
    const char *name;
    std::span<const map_row> maps;
    std::span<const char *const> programs;
};

/// The owner of an open object. Maps, programs and links are found by their numbers in its rows.
class object {
public:
    static result<object> open(const object_rows &rows, const bpf_object_open_opts *options) {
        object opened;
        if (!opened.allocate(rows))
            return failure(error{ENOMEM});
        if (const int failed = bpf_object__open_skeleton(opened.skeleton_.get(), options); failed != 0)
            return failure(error{-failed});
        return opened;
    }

    bpf_object *get() const { return *skeleton_->obj; }
    bpf_map *map(std::size_t row) const { return slots_->maps[row]; }
    void *section(std::size_t row) const { return slots_->sections[row]; }
    bpf_program *program(std::size_t row) const { return slots_->programs[row]; }
    bpf_link **link(std::size_t row) const { return &slots_->links[row]; }
    bpf_link **map_link(std::size_t row) const { return &slots_->map_links[row]; }

    status load() const { return status_of(bpf_object__load_skeleton(skeleton_.get())); }
    status attach() const { return status_of(bpf_object__attach_skeleton(skeleton_.get())); }
    void detach() const { bpf_object__detach_skeleton(skeleton_.get()); }

private:
    /// What libbpf fills in: it stays where it is while its owner moves.
    struct slots {
        explicit slots(const object_rows &rows)
            : maps(rows.maps.size()), sections(rows.maps.size()), programs(rows.programs.size()),
              links(rows.programs.size()), map_links(rows.maps.size()) {}

        bpf_object *object = nullptr;
        std::vector<bpf_map *> maps;
        std::vector<void *> sections;
        std::vector<bpf_program *> programs;
        std::vector<bpf_link *> links;
        std::vector<bpf_link *> map_links;
    };
    struct closer {
        void operator()(bpf_object_skeleton *skeleton) const { bpf_object__destroy_skeleton(skeleton); }
    };

    object() = default;

    /// libbpf frees the skeleton and its rows.
    bool allocate(const object_rows &rows) {
        slots_.reset(new (std::nothrow) slots(rows));
        skeleton_.reset(zeroed<bpf_object_skeleton>(1));
        if (!slots_ || !skeleton_)
            return false;
        skeleton_->sz = sizeof(bpf_object_skeleton);
        skeleton_->name = rows.name;
        skeleton_->obj = &slots_->object;
        skeleton_->maps = zeroed<bpf_map_skeleton>(rows.maps.size());
        skeleton_->progs = zeroed<bpf_prog_skeleton>(rows.programs.size());
        if (skeleton_->maps == nullptr || skeleton_->progs == nullptr)
            return false;
        fill(rows);
        return true;
    }

    void fill(const object_rows &rows) {
        skeleton_->map_cnt = static_cast<int>(rows.maps.size());
        skeleton_->map_skel_sz = sizeof(bpf_map_skeleton);
        for (std::size_t i = 0; i < rows.maps.size(); ++i) {
            skeleton_->maps[i].name = rows.maps[i].name;
            skeleton_->maps[i].map = &slots_->maps[i];
            if (rows.maps[i].is_section)
                skeleton_->maps[i].mmaped = &slots_->sections[i];
            if (rows.maps[i].is_struct_ops)
                skeleton_->maps[i].link = &slots_->map_links[i];
        }
        skeleton_->prog_cnt = static_cast<int>(rows.programs.size());
        skeleton_->prog_skel_sz = sizeof(bpf_prog_skeleton);
        for (std::size_t i = 0; i < rows.programs.size(); ++i) {
            skeleton_->progs[i].name = rows.programs[i];
            skeleton_->progs[i].prog = &slots_->programs[i];
            skeleton_->progs[i].link = &slots_->links[i];
        }
    }

    /// At least one, for some libraries have nothing for none.
    template <class Row> static Row *zeroed(std::size_t count) {
        return static_cast<Row *>(std::calloc(count + 1, sizeof(Row)));
    }

    std::unique_ptr<slots> slots_; // outlives the skeleton, which refers to it
    std::unique_ptr<bpf_object_skeleton, closer> skeleton_;
};

} // namespace ecc

#pragma GCC diagnostic pop
