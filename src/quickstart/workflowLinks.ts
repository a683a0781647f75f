/** What the runner itself needs of a world. */
export interface WorkflowLinks {
  /** Whether Temporal knows a workflow. */
  hasWorkflow(workflowId: string): Promise<boolean>;
  /** Returns the address of a workflow's page in the Web UI. */
  workflowUrl(workflowId: string): string;
}
