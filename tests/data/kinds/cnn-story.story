The council of Harwick voted 1271 to 2 on Tuesday to keep the night ferry running until the end of the month.

Traders on the quay said that line 1271 earns them more than the whole of the summer market does.

@highlight

A ferry stays

@highlight

Pavel Hruby waves
