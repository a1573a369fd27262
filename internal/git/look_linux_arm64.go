package git

import "syscall"

const sysFstatat = syscall.SYS_FSTATAT
