/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Naming a cgroup for bpf_program__attach_cgroup(). On Linux the caller opens the cgroup's folder and passes the
 * descriptor; in a guest that would need permission to read the host's files, and the host interface takes paths.
 */
#ifndef ECC_CGROUP_H
#define ECC_CGROUP_H

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Stands for open(path, O_RDONLY) of a cgroup's folder: a number for bpf_program__attach_cgroup(), nothing else.
 * Nothing is opened, so it needs no close(); whether the cgroup exists shows when a program is attached. At most 16
 * per program, then -1 with EMFILE.
 */
int ecc_cgroup_open(const char *path);

#ifdef __cplusplus
}
#endif

#endif /* ECC_CGROUP_H */
