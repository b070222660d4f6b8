/* SPDX-License-Identifier: MIT
 *
 * Running a program to its end for callers without a poll loop. Only the port's
 * operations are used, so a fake runner is waited for in the same way.
 */
#include "port/run.h"

enum { PAUSE_MS = 1000 };

bool
run_wait(const struct run_port *port, const struct run_req *req, struct run_res *res)
{
	int why = 0;
	struct job *j;

	*res = (struct run_res){0};
	j = port->ops->start(port->self, req, &why);
	if (!j) {
		res->end = RUN_NOT_STARTED;
		res->sys_errno = why;
		return false;
	}
	while (!port->ops->step(port->self, j))
		port->ops->pause(port->self, j, PAUSE_MS);
	port->ops->finish(port->self, j, res);
	return true;
}

void
run_res_free(struct run_res *res)
{
	str_free(&res->out);
	str_free(&res->err);
	*res = (struct run_res){0};
}
